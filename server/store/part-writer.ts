/** From a request's body to a durable blob: hashes while writing, holds a bounded number of bytes, keeps what came when the body breaks off. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Problem } from '../../shared/problem/problem.ts';
import type { BlobWriter } from './blob-store.ts';

/** Bytes gathered before they are handed to the file: fewer, larger writes. */
const BATCH = 1_048_576;
/** Bytes held before the sender is made to wait. */
const MOST_HELD = 4 * BATCH;
/** When all requests of this process hold so many bytes together, each writes what it has, however little: slow senders fill no memory. */
const MOST_HELD_BY_ALL = 64 * BATCH;
/** Then a sender waits from so many bytes on. */
const PATIENT = BATCH / 4;
let heldByAll = 0;

export interface Arrival {
  readonly length: number;
  /** SHA-256 of these bytes, lower-case hex. */
  readonly sha256: string;
  /** False when the body broke off before its end. */
  readonly whole: boolean;
}

/**
 * Writes a body of at most `limit` bytes. A body that breaks off, or that `signal` ends, is not an error: what came has been
 * written. Problem `limit-exceeded` for a longer body; rejects with the store's error when it cannot write.
 */
export function receive(body: Readable, writer: BlobWriter, limit: number, signal: AbortSignal): Promise<Arrival> {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256');
    let held: Uint8Array[] = [];
    let heldLength = 0;
    let length = 0;
    let ended: 'whole' | 'cut' | null = null;
    let writing = false;

    const detach = (): void => {
      body.off('data', onData).off('end', onEnd).off('close', onCut);
      signal.removeEventListener('abort', onCut);
      // What still comes is thrown away by Node once the answer is out; an error after this must not end the process.
      body.on('error', () => undefined);
    };
    const fail = (error: unknown): void => {
      detach();
      body.resume();
      heldByAll -= heldLength;
      heldLength = 0;
      reject(error instanceof Error ? error : new Error('unknown'));
    };
    const flush = (): void => {
      if (writing) return;
      const enough = heldLength >= BATCH || heldByAll >= MOST_HELD_BY_ALL;
      if ((enough || ended !== null) && heldLength > 0) {
        const pieces = held;
        const count = heldLength;
        held = [];
        heldLength = 0;
        writing = true;
        writer
          .write(pieces)
          .finally(() => (heldByAll -= count))
          .then(() => {
            writing = false;
            pieces.forEach(giveBack);
            if (ended === null && body.isPaused()) body.resume();
            flush();
          }, fail);
      } else if (ended !== null) {
        resolve({ length, sha256: hash.digest('hex'), whole: ended === 'whole' });
      }
    };
    const onData = (piece: Uint8Array): void => {
      length += piece.length;
      if (length > limit) return fail(new Problem('limit-exceeded'));
      hash.update(piece);
      held.push(piece);
      heldLength += piece.length;
      heldByAll += piece.length;
      if (heldLength >= (heldByAll < MOST_HELD_BY_ALL ? MOST_HELD : PATIENT)) body.pause();
      flush();
    };
    const finish = (how: 'whole' | 'cut'): void => {
      if (ended !== null) return;
      ended = how;
      detach();
      flush();
    };
    const onEnd = (): void => finish('whole');
    const onCut = (): void => finish('cut');

    body.on('data', onData).on('end', onEnd).on('close', onCut);
    body.once('error', onCut);
    signal.addEventListener('abort', onCut);
    if (signal.aborted || body.destroyed) onCut();
  });
}

/**
 * Frees the memory of a written piece at once. Left to the collector, 64 KiB for each read of the socket make it run every few
 * milliseconds (a third of all CPU time). Only for a piece that is all of its buffer: a smaller one may share it with the next.
 */
function giveBack(piece: Uint8Array): void {
  const { buffer } = piece;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === piece.byteLength) buffer.transfer(0);
}
