/** What the guided making of keys asks and says. */
import type { DatedIdentity } from '../keys/key-texts.ts';
import { printable } from '../terminal/printable.ts';

export const QUESTIONS = {
  beginning:
    'Making the keys of an organisation. Nothing is kept until the last question; "back" goes one question back.',
  name: 'Name of the organisation, as sources know it: ',
  nameWrong: 'A name has 1 to 120 characters, and no control characters.',
  kind: 'Kind of keys: hybrid, safe against quantum computers, or classic, which old age packages open [hybrid]: ',
  kindWrong: 'Type hybrid or classic.',
  months: 'Months that an identity serves; destroyed afterwards, it closes what was sent in that time [3]: ',
  ahead: 'How many identities to make ahead, the one that begins today included [4]: ',
  shares: `Paper backup: 0 for none, 1 for one sheet that is enough alone, or how many sheets among which the keys are shared [3]: `,
  needed: 'How many of these sheets are to be needed to restore the keys [2]: ',
  number: (least: number, most: number) => `Type a whole number from ${least} to ${most}.`,
  print: (paper: string, files: number) =>
    `Print now, from this machine: ${files === 1 ? 'the file' : `the ${files} files`} in ${printable(paper)}. They are destroyed after this step.`,
  readBack: (sheet: number) => `From the printed sheet ${sheet}, type the last four letters of line S001: `,
  readBackWrong: 'These are not the letters of that line. Is it the right sheet, and from this printing?',
  confirm: 'Type make to make these keys, or back: ',
  confirmWrong: 'Nothing is made yet. Type make, or back.',
} as const;

interface Choices {
  readonly name: string;
  readonly kind: string;
  readonly passphrase: string | null;
  readonly shares: number;
  readonly needed: number;
}

/** What is about to be made. */
export function summary(
  { name, kind, passphrase, shares, needed }: Choices,
  { folder, words, identities }: { folder: string; words: string; identities: readonly DatedIdentity[] },
): string {
  return [
    '',
    `Organisation:       ${printable(name)}`,
    `Keys:               ${kind}, ${passphrase === null ? 'WITHOUT a passphrase' : 'under a passphrase'}, in ${printable(folder)}`,
    ...identities.map(({ from, until }, i) => `Identity ${i + 1}:         ${from} to ${until}`),
    `Paper backup:       ${shares === 0 ? 'NONE' : shares === 1 ? 'one sheet' : `${shares} sheets, any ${needed} of which are enough`}`,
    `Root key, in words: ${words}`,
  ].join('\n');
}
