/** Whether an unfinished submission lacks no more than its seal. */
import { openedParts } from '../../shared/statements/opening.ts';
import type { Unfinished } from './mailbox.ts';

/** True when the server has every part: then nothing of its files is needed any more. */
export function hasArrived({ opening, finished }: Pick<Unfinished, 'opening' | 'finished'>): boolean {
  return finished === openedParts(opening);
}
