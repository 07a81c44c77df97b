/** What the desk says about its keys: help and results of the commands of the key ceremony. */
import { printable } from './terminal/printable.ts';

export const CEREMONY_HELP: Readonly<Record<string, string>> = {
  passphrase: `desk passphrase DIR [--new-passphrase-file FILE]

Sets, changes or takes away (empty) the passphrase of the key folder. With a passphrase, identities.age is an identity file
that stock age opens: age -d -i identities.age. What was there is overwritten, as far as the medium lets a program do that.
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
