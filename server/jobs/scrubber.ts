/** The scrubber: now and then it is this process's turn to read what is stored again. Ends at once when the server does. */
import { isProblem } from '../../shared/problem/problem.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { describeError } from '../log.ts';
import { openScrub } from '../store/scrub.ts';
import { createScrubTurn } from './scrub-turn.ts';
import type { ScrubTurnOptions } from './scrub-turn.ts';

export interface ScrubberOptions extends Omit<ScrubTurnOptions, 'scrub' | 'signal'> {
  readonly random: Random;
}

/** After a round, or while another process scrubs: time to the next look, at which what was noted is read again, too. */
const IDLE_MS = 10 * 60_000;
/** After trouble with the database or the store. */
const TROUBLE_MS = 60_000;
const STOP_MS = 1_000;

/** Starts scrubbing; `stop` ends it at once, and lets another process go on. */
export function startScrubber({ random, ...options }: ScrubberOptions): { stop(): Promise<void> } {
  const { database, sleep, log } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const scrub = openScrub(database, random(8));
  const turn = createScrubTurn({ ...options, scrub, signal });

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      let pause = IDLE_MS;
      try {
        await turn();
      } catch (error) {
        if (signal.aborted) break;
        pause = TROUBLE_MS;
        if (!isProblem(error, 'database-away') && !isProblem(error, 'storage-away')) log(describeError(error));
      }
      await sleep(pause, signal).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async stop() {
      ending.abort();
      // A store that does not answer is not waited for.
      await Promise.race([running, sleep(STOP_MS, new AbortController().signal)]);
    },
  };
}
