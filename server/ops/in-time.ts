/** What the operator asks about the machine is answered soon, whatever hangs behind it. */

const DEADLINE_MS = 2_000;

/** What `work` comes to, or `otherwise` when it fails or takes too long. */
export async function inTime<Value>(work: Promise<Value>, otherwise: Value): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Value>((resolve) => (timer = setTimeout(resolve, DEADLINE_MS, otherwise)));
  try {
    return await Promise.race([work, late]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
