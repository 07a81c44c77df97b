/** Waiting for something to become so, with a limit and a name for what was waited for. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks every `everyMs` until `look` gives something else than null, undefined or false. */
export async function until<Result>(
  what: string,
  limitMs: number,
  look: () => Promise<Result | null | undefined | false> | Result | null | undefined | false,
  everyMs = 100,
): Promise<Result> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`after ${Math.round(limitMs / 1000)} s, still not: ${what}`);
    await sleep(everyMs);
  }
}
