/** What the desk says about its keys: help and results of the commands of the key ceremony. */
import { printable } from './terminal/printable.ts';

export const CEREMONY_HELP: Readonly<Record<string, string>> = {
  passphrase: `desk passphrase DIR [--new-passphrase-file FILE]

Sets, changes or takes away (empty) the passphrase of the key folder. With a passphrase, identities.age is an identity file
that stock age opens: age -d -i identities.age. What was there is overwritten, as far as the medium lets a program do that.
`,
};

export function passphraseText(folder: string, isSet: boolean): string {
  return isSet
    ? `The keys in ${printable(folder)} are under the new passphrase.\n`
    : `The keys in ${printable(folder)} have no passphrase now: whoever has the folder has everything.\n`;
}
