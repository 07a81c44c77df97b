/** Bytes of a file from the content listener, by ranges only: never more than was asked for is held. */
import { noteSilence } from '../ask/connection.ts';

/** Bytes `from` up to `to`, exclusive; null where that place of the file cannot be had. */
export async function readRange(
  href: string,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  if (to <= from) return new Uint8Array(0);
  let response: Response;
  try {
    response = await fetch(href, {
      headers: { range: `bytes=${from}-${to - 1}` },
      cache: 'no-store',
      credentials: 'omit',
      mode: 'cors',
      redirect: 'error',
      signal,
    });
  } catch (error) {
    if (!signal.aborted) noteSilence();
    throw error;
  }
  if (response.status !== 206) {
    await response.body?.cancel();
    return null;
  }
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    // The listener ends an answer short where a part turns out to be missing or damaged.
    return null;
  }
}
