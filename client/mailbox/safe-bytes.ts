/** How much of an unfinished submission is on the server for good. */
import type { Unfinished } from './mailbox.ts';

/** Bytes of padded plaintext in finished parts; of which parts they are only their number is known, so it may be a little more or less. */
export function safeBytes({ opening, finished }: Pick<Unfinished, 'opening' | 'finished'>): number {
  return Math.min(opening.size, finished * opening.partSize);
}
