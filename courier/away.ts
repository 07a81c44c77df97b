/** The server not answering as a normal state: what counts as it, and waiting it out with growing, jittered pauses. */
import type { Effects } from './effects.ts';
import { Halt } from './halt.ts';

/** The server, or the way to it, is away for now; trying again is right. */
export class Away extends Error {
  override readonly name = 'Away';
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody answers at that address',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no network',
  ENETDOWN: 'there is no network',
  ENOTFOUND: 'that name is not known',
  EAI_AGAIN: 'names cannot be looked up now',
};

/** An Away in words for an error of the network. */
export function awayFor(error: unknown): Away {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new Away(REASONS[code] ?? `the connection failed${code === '' ? '' : ` (${code})`}`);
}

export interface Patience {
  /** The server gave an answer or a byte. */
  heard(): void;
  /** Waits before try number `tries` (from 0). Halt `server-away` when nothing was heard for too long. */
  pause(tries: number, reason: string): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
/** A server that has never answered is more likely misspelt than away. */
const FIRST_CONTACT_MS = 30_000;

/** Patience shared by all transfers of a run; `notice` is told each time a wait begins. */
export function createPatience(
  limitMs: number,
  effects: Effects,
  notice: (reason: string, seconds: number) => void,
): Patience {
  let heardAt = effects.now().getTime();
  let everHeard = false;
  return {
    heard() {
      heardAt = effects.now().getTime();
      everHeard = true;
    },
    async pause(tries, reason) {
      const jitter = 0.5 + effects.random(1)[0]! / 255;
      const delay = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10)) * jitter;
      const limit = everHeard ? limitMs : Math.min(limitMs, FIRST_CONTACT_MS);
      if (effects.now().getTime() + delay - heardAt > limit) {
        throw new Halt(
          'server-away',
          `The server does not answer: ${reason}.`,
          'What is done so far is kept; run the same command again later.',
        );
      }
      notice(reason, delay / 1000);
      await effects.sleep(delay, effects.signal);
    },
  };
}

/** Runs `attempt` until it gives something else than Away. */
export async function persist<Result>(patience: Patience, attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 0; ; tries++) {
    try {
      const result = await attempt();
      patience.heard();
      return result;
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      await patience.pause(tries, error.message);
    }
  }
}
