/** What the desk says about its keys: help and results of the commands of the key ceremony. */
import { TEAM_HELP } from './team-text.ts';
import { printable } from './terminal/printable.ts';

export const CEREMONY_HELP: Readonly<Record<string, string>> = {
  passphrase: `desk passphrase DIR [--new-passphrase-file FILE]

Sets, changes or takes away (empty) the passphrase of the key folder. With a passphrase, identities.age is an identity file
that stock age opens: age -d -i identities.age. What was there is overwritten, as far as the medium lets a program do that.
`,
  team: TEAM_HELP,
  rotate: `desk rotate DIR --out FILE [--months N] [--ahead N] [--receipt-key KEY] [--replace] [--yes]

Makes the identities of the next periods, so that there are four from today on, and the next key card, which names them all;
at the desk of a team, which signs no cards, the recipients for desk team add instead.
Install the card on the server as card.note. Uploads that began on the old card go on to their end. Nothing is written
before you confirm.

  --months N         calendar months that a new identity serves (default 3)
  --ahead N          how many identities are to serve today or later (default 4)
  --receipt-key KEY  the server's receipt key, when it is not that of the last card
  --replace          the present identities may be in other hands: end them yesterday, and begin with new ones today
  --yes              do not ask
`,
  retire: `desk retire DIR IDENTITY [--bundle BUNDLE] [--cases DIR] [--role ROLE] [--yes]

Destroys an identity whose days are over, so that nobody can open what was encrypted to it alone, not even with these keys.
IDENTITY is its first day or the first of its words: desk identities DIR --list. Shows first what it still opens: with
--bundle the parcels there, and always your records of replies. What was extracted stays readable. Logs of cases are put
under an identity that stays, and say that this one was destroyed.

Copies of the folder, paper backups and the old blocks of a flash medium are out of reach of any program: destroy those too.
`,
  backup: `desk backup DIR --out FILE

Writes all keys as a page to print (HTML, A4), with QR codes and letters. That page alone restores everything: it is as secret
as the keys. Where several people should have to come together, use desk split.
`,
  split: `desk split DIR --out FOLDER [--shares N] [--needed K]

Writes N sheets to print (default 3, at most 16) into the new folder FOLDER. Any K of them (default 2) restore everything;
fewer tell nothing, whatever computer looks at them. Print each for its holder, and destroy the folder afterwards.
`,
  join: `desk join DIR [FILE]... [--no-passphrase]

Makes the key folder DIR anew from sheets: from FILEs that hold what was scanned or typed, or, without any, typed in line by
line. The check letters of each line name what is mistyped before anything is joined. Asks for a new passphrase.

  --no-passphrase  keep the keys without one
`,
};

export function passphraseText(folder: string, isSet: boolean): string {
  return isSet
    ? `The keys in ${printable(folder)} are under the new passphrase.\n`
    : `The keys in ${printable(folder)} have no passphrase now: whoever has the folder has everything.\n`;
}

export function backupDone(out: string, set: string): string {
  return `Written: ${printable(out)}, set ${set}. Print it, keep it as you would keep the keys, and destroy the file.\n`;
}

export function splitDone(
  out: string,
  { set, needed, total }: { readonly set: string; readonly needed: number; readonly total: number },
): string {
  return `Written: ${total} sheets in ${printable(out)}, set ${set}. Any ${needed} of them restore all keys.
Print each for its holder, and destroy the folder: together its files are the keys.
`;
}

export function joinDone(
  folder: string,
  { organisation, words, sealed }: { readonly organisation: string; readonly words: string; readonly sealed: boolean },
): string {
  return `The keys of ${printable(organisation)} are in ${printable(folder)}, ${sealed ? 'under the passphrase' : 'without a passphrase'}.
Root key, in words: ${words}
Compare these words with those on the sheets.
`;
}

export function rotateDraft({ made, until, serial, replaced }: RotateSummary): string {
  return `${replaced ? 'The present identities end yesterday. ' : ''}New identities: ${made}. Card number ${serial} can be used until ${until}. Nothing is written yet.`;
}

interface RotateSummary {
  readonly made: number;
  readonly until: string;
  readonly serial: number;
  readonly replaced: boolean;
}

export function rotateDone(out: string, { made, serial, until, words }: RotateSummary & { words: string }): string {
  return `Card number ${serial}, good until ${until}, is in ${printable(out)}; ${made} new identities.
Card, in words: ${words}
Install it on the server as card.note, and make a new paper backup: the old one does not hold ${made === 0 ? 'this card' : 'the new identities'}.
`;
}

/** What an identity alone opens; `parcels` is null when no bundle was looked at. */
interface Lost {
  readonly parcels: readonly string[] | null;
  readonly replies: number;
  readonly cases: number;
}

export function retireDraft(
  { from, until, words }: { readonly from: string; readonly until: string; readonly words: string },
  { parcels, replies, cases, left }: Lost & { readonly left: number },
): string {
  const lines = [
    `The identity of ${from} until ${until}, the last day on which a card named it: ${words}`,
    parcels === null
      ? 'No bundle was given: whether parcels open with it alone was not looked at.'
      : `Parcels in the bundle that open with it alone: ${parcels.length}`,
    ...(parcels ?? []).map((parcel) => `  ${parcel}`),
    `Your records of replies that open with it alone: ${replies}`,
    'Once it is destroyed, none of these can be opened again, by anyone.',
    left > 0
      ? `Logs of cases that open with it alone: ${cases}; they are put under an identity that stays first.`
      : `Logs of cases that open with it alone: ${cases}; no identity is left to put them under, so they go too.`,
  ];
  return lines.join('\n');
}

export function retireDone(folder: string): string {
  return `Destroyed, and overwritten in ${printable(folder)}. Still to do by hand: paper backups and copies of the folder that hold it; make a
new paper backup. A flash medium or a file system that keeps old blocks may hold it until that is erased.
`;
}

/** A list of identities without their secrets. */
export function identityList(
  identities: readonly {
    readonly from: string;
    readonly until: string;
    readonly words: string;
    readonly state: string;
  }[],
): string {
  return identities
    .map(({ from, until, words, state }) => `${from} to ${until}  ${state.padEnd(6)}  ${words}\n`)
    .join('');
}
