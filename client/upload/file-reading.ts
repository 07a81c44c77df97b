/** Reads a run of bytes of a File into a buffer of ours: without a copy where the browser can, and telling how far it came. */
import type { Clock } from './clock.ts';

/** The buffer with all that was wanted; or how far reading came, and why not farther. */
export type Reading = { readonly kind: 'read'; readonly buffer: ArrayBuffer } | Failure;

/** `unreadable`: gone, or changed as far as the browser tells; `short`: ended before its time; `stuck`: nothing came any more. */
export interface Failure {
  readonly kind: 'failed';
  readonly length: number;
  readonly reason: 'unreadable' | 'short' | 'stuck';
}

export interface Run {
  readonly file: Blob;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** How long to wait for the next bytes, try after try, in milliseconds: a disk that must first wake up is given its time. */
export const PATIENCE: readonly number[] = [1, 1, 2, 4, 8, 16, 32, 60].map((seconds) => seconds * 1000);

/**
 * Reads a run of bytes into `buffer` at `at`. The buffer travels through the stream: the one in the answer is to be used from then on,
 * and after a failure there is none. It is stuck when for `patience` milliseconds nothing came; Chromium's streams of files
 * fall silent now and then (once in some thousand reads of 8 MiB), and only a new stream helps. Never rejects.
 */
export async function readInto(
  { file, from, to }: Run,
  buffer: ArrayBuffer,
  at: number,
  clock: Clock,
  patience: number,
): Promise<Reading> {
  const wanted = to - from;
  const watch = watchOver(clock, patience);
  let length = 0;
  const failed = (reason: Failure['reason']): Failure => ({ kind: 'failed', length, reason });
  try {
    const reader = openBytes(file.slice(from, to));
    if (reader === null) return await readWhole(file.slice(from, to), buffer, at, wanted);
    for (let held = buffer; ;) {
      const read = await Promise.race([reader.read(new Uint8Array(held, at + length, wanted - length)), watch.stuck]);
      if (read === 'stuck') {
        reader.cancel().catch(() => undefined);
        return failed('stuck');
      }
      if (read.value === undefined) return failed('unreadable');
      held = read.value.buffer;
      length += read.value.byteLength;
      watch.moved();
      if (length === wanted) {
        reader.cancel().catch(() => undefined);
        return { kind: 'read', buffer: held };
      }
      if (read.done) return failed('short');
    }
  } catch {
    return failed('unreadable');
  } finally {
    watch.end();
  }
}

interface Watch {
  /** Resolves when nothing moved for as long as patience lasts, or twice as long at the most. */
  readonly stuck: Promise<'stuck'>;
  moved(): void;
  end(): void;
}

/** One timer for many reads: to set one for each would cost more than a read. */
function watchOver(clock: Clock, patience: number): Watch {
  const ended = new AbortController();
  let moves = 0;
  async function look(): Promise<'stuck'> {
    for (let seen = -1; seen !== moves;) {
      seen = moves;
      await clock.sleep(patience, ended.signal);
      // Once ended, nobody listens.
      if (ended.signal.aborted) return 'stuck';
    }
    return 'stuck';
  }
  return { stuck: look(), moved: () => void (moves += 1), end: () => ended.abort() };
}

/** Reads a run of bytes, as often as it gets stuck, into `memory` if it is large enough, or into memory of its own. Never rejects. */
export async function readPatiently(run: Run, clock: Clock, memory: ArrayBuffer | null = null): Promise<Reading> {
  let reading: Reading = { kind: 'failed', length: 0, reason: 'stuck' };
  let buffer = memory;
  for (const patience of PATIENCE) {
    if (buffer === null || buffer.byteLength < run.to - run.from) buffer = new ArrayBuffer(run.to - run.from);
    reading = await readInto(run, buffer, 0, clock, patience);
    buffer = null;
    if (reading.kind === 'read' || reading.reason !== 'stuck') break;
  }
  return reading;
}

/** Reads `[from, to)` of a small file into memory of its own; null when it cannot be read or is not as long. */
export async function readSmall(file: Blob, from: number, to: number): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    // A slice is another object to make and to free; of a whole file it would tell nothing of bytes that were added.
    const bytes = await (from === 0 && to === file.size ? file : file.slice(from, to)).arrayBuffer();
    return bytes.byteLength === to - from ? new Uint8Array(bytes) : null;
  } catch {
    return null;
  }
}

/** A reader that fills buffers of ours; null where the browser has none. */
function openBytes(blob: Blob): ReadableStreamBYOBReader | null {
  const stream = blob.stream();
  try {
    return stream.getReader({ mode: 'byob' });
  } catch {
    return null;
  }
}

async function readWhole(blob: Blob, buffer: ArrayBuffer, at: number, wanted: number): Promise<Reading> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (bytes.length < wanted) return { kind: 'failed', length: bytes.length, reason: 'short' };
  new Uint8Array(buffer).set(bytes.subarray(0, wanted), at);
  return { kind: 'read', buffer };
}
