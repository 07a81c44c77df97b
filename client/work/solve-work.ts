/**
 * Works for a place: tries the keys of a challenge, one after the other, until the one that is looked for is found. All by WebCrypto, which is
 * native also where WebAssembly and the JIT are off, and goes on beside the page's own thread; so no worker of ours is needed.
 */
import { encodeAnswer, parseWork, WORK_ROUNDS, workSalt, workTries } from '../../shared/protocol/work.ts';
import type { Clock } from '../upload/clock.ts';

/** How far the work is. */
export interface WorkState {
  /** Part of the tries that are done, from 0 to 1; it may end before 1. */
  readonly part: number;
  /** Seconds until the last of the tries, at the pace so far. */
  readonly secondsLeft: number;
}

export interface Effort {
  /** Aborting it ends the work. */
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, 'ticks'>;
  /** Called twice a second, but not for work that is done in a moment. */
  readonly onProgress: (state: WorkState) => void;
}

/** Tries at once: while the browser is at one, another is being handed over. More of them help only where there are more cores. */
const LANES = 3;
const TELL_MS = 500;
const HALF = 16;

/** The header's value for a challenge. Null when the work was ended, or when it is no challenge that has an answer. */
export async function solveWork(text: string, { signal, clock, onProgress }: Effort): Promise<string | null> {
  const challenge = parseWork(text);
  if (challenge === null) return null;
  const { head, target, level } = challenge;
  const tries = workTries(level);
  const password = await crypto.subtle.importKey('raw', head, 'PBKDF2', false, ['deriveBits']);
  const started = clock.ticks();
  let told = started;
  let next = 0;
  let done = 0;
  let answer: Uint8Array | null = null;

  function tell(): void {
    const now = clock.ticks();
    if (now - told < TELL_MS) return;
    told = now;
    onProgress({ part: done / tries, secondsLeft: ((now - started) / 1000 / done) * (tries - done) });
  }

  async function lane(): Promise<void> {
    while (answer === null && next < tries && !signal.aborted) {
      const salt = workSalt(next++);
      const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: WORK_ROUNDS };
      const key = new Uint8Array(await crypto.subtle.deriveBits(algorithm, password, 2 * HALF * 8));
      if (target.every((byte, at) => byte === key[at])) answer = key.subarray(HALF);
      done += 1;
      tell();
    }
  }

  await Promise.all(Array.from({ length: LANES }, lane));
  return answer === null || signal.aborted ? null : encodeAnswer(text, answer);
}
