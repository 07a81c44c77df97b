/** Waiting within one process: looked at often, given up soon. Not a test. */
import { until } from '../../kit/waiting.ts';

/** Resolves once `look` is true. */
export async function soon(look: () => boolean): Promise<void> {
  await until('what a test waits for', 20_000, look, 2);
}
