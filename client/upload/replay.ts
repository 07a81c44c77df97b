/** Reads the beginning of a file once more and hashes it, to hold it against what was sent of it. */
import { equalBytes } from '../../shared/bytes/equal.ts';
import type { Midstate } from '../../shared/crypto/streaming-sha256.ts';
import type { Clock } from './clock.ts';
import { readPatiently } from './file-reading.ts';
import type { Failure } from './file-reading.ts';
import type { Hashing } from './hashing.ts';

/** Where the hash stands after the bytes; or the hash, when they are all of the file. */
export type Replayed =
  | { readonly kind: 'midstate'; readonly midstate: Midstate }
  | { readonly kind: 'hash'; readonly sha256: Uint8Array }
  | Failure;

export interface ReplayInput {
  readonly file: Blob;
  /** How many bytes: all, or a multiple of 64; at least one. */
  readonly to: number;
  readonly hashing: Hashing;
  readonly clock: Clock;
  /** Waited for before each step. */
  readonly turn?: () => Promise<void>;
}

/** How much is read at a time: little, so that a part that is being sent need not wait for it. */
const STEP = 1024 * 1024;

/** Never rejects but when hashing does, or `turn`. */
export async function replay({ file, to, hashing, clock, turn }: ReplayInput): Promise<Replayed> {
  const whole = to === file.size;
  let midstate: Midstate | null = null;
  let memory: ArrayBuffer | null = null;
  for (let from = 0; ; from += STEP) {
    await turn?.();
    const end = Math.min(to, from + STEP);
    const reading = await readPatiently({ file, from, to: end }, clock, memory);
    if (reading.kind === 'failed') return reading;
    const span = { at: 0, length: end - from, last: whole && end === to };
    const hashed = await hashing(new Uint8Array(reading.buffer), [span], midstate);
    memory = hashed.bytes.buffer;
    midstate = hashed.running;
    if (end < to) continue;
    return midstate === null ? { kind: 'hash', sha256: hashed.hashes[0]! } : { kind: 'midstate', midstate };
  }
}

/** True when two hashes stand at the same place, or are both nowhere. */
export function sameMidstate(one: Midstate | null, other: Midstate | null): boolean {
  if (one === null || other === null) return one === other;
  return one.length === other.length && equalBytes(one.state, other.state);
}
