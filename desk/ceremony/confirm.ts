/** The one question before something takes effect: until it is answered with the very word, nothing has been written. */
import type { DeskContext } from '../commands/command.ts';
import { Failure } from '../failure.ts';

/** Shows what is about to happen and asks for `word`; with `yes` it is shown only. Failure `not-confirmed`. */
export async function confirm(
  draft: string,
  { word, yes, context }: { word: string; yes: boolean; context: Pick<DeskContext, 'ask' | 'warn'> },
): Promise<void> {
  context.warn(draft);
  if (yes) return;
  const answer = (await context.ask?.(`Type ${word} to confirm: `, 'shown')) ?? null;
  if (answer?.trim() !== word) throw new Failure('not-confirmed');
}
