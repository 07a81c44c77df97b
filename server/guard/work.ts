/**
 * Proof of work without anything being kept: a challenge is good for one request, whose text it is bound to, and is known again by a keyed
 * hash. So what it lets in is let in once, by whichever process, and a wrong answer costs the server one hash.
 */
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { concat } from '../../shared/bytes/concat.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { encodeWork, parseAnswer, workHead, WORK_ROUNDS, workSalt, workTries } from '../../shared/protocol/work.ts';
import { createTurns } from './in-flight.ts';

export interface Work {
  /** A challenge of this level for a request of this text. Problem `server-busy` when too many are wanted at once. */
  challenge(level: number, request: string): Promise<string>;
  /** The level of the work that a header's value proves for this request; null when it proves none, or no longer. */
  proved(value: string, request: string): number | null;
}

/** A challenge is good in the window in which it was given and in the next one: for ten to twenty minutes. */
const WINDOW_MS = 600_000;
/** A try takes a thread that uploads need as well: so many at once, and so many that wait for it. */
const AT_ONCE = 2;
const MOST_WAITING = 128;
/** Far longer than so many tries take. */
const LONGEST_WAIT_MS = 10_000;
const HALF = 16;

const derive = promisify(pbkdf2);

/** Challenges under `secret`. */
export function createWork(input: {
  readonly secret: Uint8Array;
  readonly random: Random;
  readonly now: () => Date;
}): Work {
  const { secret, random, now } = input;
  const window = (): number => Math.floor(now().getTime() / WINDOW_MS);
  const turns = createTurns({ atOnce: () => AT_ONCE, waiting: MOST_WAITING, longest: LONGEST_WAIT_MS });

  /** Over all that must fit together; each piece but the last has a length of its own. */
  const mac = (head: Uint8Array, target: Uint8Array, answer: Uint8Array, request: string): Uint8Array => {
    const digest = createHash('sha256').update(request).digest();
    return createHmac('sha256', secret)
      .update(concat(utf8Encode('work'), head, target, answer, digest))
      .digest()
      .subarray(0, HALF);
  };

  return {
    async challenge(level, request) {
      const head = workHead(level, window(), random(16));
      // Tries are a power of two: no remainder favours any.
      const count = Buffer.from(random(4)).readUInt32BE() % workTries(level);
      const turn = await turns.take();
      if (turn === null) throw new Problem('server-busy');
      const key = await derive(head, workSalt(count), WORK_ROUNDS, 2 * HALF, 'sha256').finally(turn);
      const [target, answer] = [Uint8Array.from(key.subarray(0, HALF)), key.subarray(HALF)];
      return encodeWork({ head, target, mac: Uint8Array.from(mac(head, target, answer, request)) });
    },
    proved(value, request) {
      const parsed = parseAnswer(value);
      if (parsed === null) return null;
      const { challenge, answer } = parsed;
      // One to come: the clock of another process may be a little ahead.
      if (Math.abs(challenge.window - window()) > 1) return null;
      const ours = mac(challenge.head, challenge.target, answer, request);
      return timingSafeEqual(ours, challenge.mac) ? challenge.level : null;
    },
  };
}
