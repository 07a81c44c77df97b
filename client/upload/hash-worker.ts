/** The worker that hashes: one for all files, since a hash goes byte after byte. It keeps nothing from one request to the next. */
import { loadStreamingSha256 } from '../../shared/crypto/load-streaming-sha256.ts';
import type { Midstate } from '../../shared/crypto/streaming-sha256.ts';
import { createHashing } from './hashing.ts';
import type { Span } from './part-reader.ts';
import { serveCalls } from './worker-calls.ts';
import type { Border } from './worker-calls.ts';

export interface HashRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly spans: readonly Pick<Span, 'at' | 'length' | 'last'>[];
  readonly from: Midstate | null;
}

const hashing = loadStreamingSha256().then(createHashing);

serveCalls<HashRequest>(globalThis as unknown as Border, async ({ bytes, spans, from }) => {
  const hash = await hashing;
  const value = await hash(bytes, spans, from);
  return { value, transfer: [value.bytes.buffer] };
});
