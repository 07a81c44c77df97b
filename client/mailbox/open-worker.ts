/** The worker that opens replies: a part is seconds of work where JavaScript is not compiled, and the page must not stand still for it. */
import { loadCipherProvider } from '../../shared/crypto/load-cipher-provider.ts';
import { loadStreamingSha256 } from '../../shared/crypto/load-streaming-sha256.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { serveCalls } from '../upload/worker-calls.ts';
import type { Border, Reply } from '../upload/worker-calls.ts';
import { createRecentParts } from './recent-parts.ts';
import { createReplyReader } from './reply-reader.ts';
import type { ReaderTools, ReplyFacts, ReplyReader } from './reply-reader.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** `reply` tells the readers of one worker apart. */
export type OpenRequest =
  | { readonly kind: 'begin'; readonly reply: number; readonly facts: ReplyFacts }
  | { readonly kind: 'take'; readonly reply: number; readonly part: number; readonly file: Bytes }
  | {
      readonly kind: 'piece';
      readonly reply: number;
      readonly index: number;
      readonly part: number;
      readonly file: Bytes | null;
    };

const tools: Promise<ReaderTools> = Promise.all([loadCipherProvider(), loadStreamingSha256()]).then(
  ([provider, createSha256]) => ({ provider, createSha256, recent: createRecentParts() }),
);
const readers = new Map<number, ReplyReader>();

function readerOf(reply: number): ReplyReader {
  const reader = readers.get(reply);
  if (reader === undefined) throw new Problem('internal');
  return reader;
}

serveCalls<OpenRequest>(globalThis as unknown as Border, async (request): Promise<Reply> => {
  switch (request.kind) {
    case 'begin':
      readers.set(request.reply, createReplyReader(request.facts, await tools));
      return { value: null, transfer: [] };
    case 'take':
      return { value: await readerOf(request.reply).take(request.part, request.file), transfer: [] };
    case 'piece': {
      const bytes = await readerOf(request.reply).piece(request.index, request.part, request.file);
      return { value: bytes, transfer: bytes === null ? [] : [bytes.buffer] };
    }
  }
});
