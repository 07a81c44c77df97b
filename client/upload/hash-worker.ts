/** The worker that hashes: one for all files, since a hash goes byte after byte. */
import { loadStreamingSha256 } from '../../shared/crypto/load-streaming-sha256.ts';
import { createHashing } from './hashing.ts';
import type { Span } from './part-reader.ts';
import { serveCalls } from './worker-calls.ts';
import type { Border, Reply } from './worker-calls.ts';

export type HashRequest =
  | { readonly kind: 'hash'; readonly bytes: Uint8Array<ArrayBuffer>; readonly spans: readonly Span[] }
  | { readonly kind: 'replay'; readonly bytes: Uint8Array<ArrayBuffer>; readonly first: boolean }
  | { readonly kind: 'same' };

const hashing = loadStreamingSha256().then(createHashing);

serveCalls<HashRequest>(globalThis as unknown as Border, async (request): Promise<Reply> => {
  const { hash, replay, replayedSame } = await hashing;
  switch (request.kind) {
    case 'hash': {
      const value = await hash(request.bytes, request.spans);
      return { value, transfer: [value.bytes.buffer] };
    }
    case 'replay': {
      const value = await replay(request.bytes, request.first);
      return { value, transfer: [value.buffer] };
    }
    case 'same':
      return { value: await replayedSame(), transfer: [] };
  }
});
