/** A key card as far as a courier can judge it: signed by the root key that it names. Whether that is the right one, only desk and sources know. */
import { readFields } from '../shared/statements/fields.ts';
import { openCard } from '../shared/statements/card.ts';
import type { Card } from '../shared/statements/card.ts';
import { unverifiedText } from '../shared/statements/note.ts';

/** The card in a note; null when there is none in it. */
export async function readCard(note: string): Promise<Card | null> {
  try {
    const fields = readFields(unverifiedText(note), 'postern/card/v1');
    fields.text('organisation');
    return await openCard(note, fields.key('root'));
  } catch {
    return null;
  }
}
