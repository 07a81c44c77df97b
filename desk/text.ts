/** Every sentence that the desk says to a person. Values that may come from a stranger are made printable here. */
import type { Issued } from './commands/card.ts';
import type { Failure } from './failure.ts';
import { count } from './terminal/amounts.ts';
import { printable } from './terminal/printable.ts';

interface Text {
  readonly sentence: string;
  readonly hint: string | null;
}

/** `{name}` stands for a value of the failure. */
export const FAILURES = {
  'command-unknown': { sentence: 'there is no command {name}', hint: 'desk help lists the commands' },
  'keys-busy': {
    sentence: 'another desk is changing the keys in {folder}',
    hint: 'if none is running, one was cut off: remove {lock} and try again',
  },
  'keys-damaged': {
    sentence: '{folder}/{file} is not what this program wrote',
    hint: 'put the file back from your backup of the key folder',
  },
  'keys-exist': {
    sentence: '{folder} exists and is not empty',
    hint: 'keys are never overwritten; choose another folder',
  },
  'keys-missing': {
    sentence: '{folder} is not a key folder of the desk',
    hint: 'desk init DIR --organisation NAME makes one',
  },
  'keys-unreadable': { sentence: '{folder}/{file} cannot be read ({reason})', hint: 'are you its owner?' },
  'keys-unwritable': {
    sentence: 'the key folder {folder} cannot be written ({reason})',
    hint: 'is there room, and are you allowed to write there?',
  },
  operands: { sentence: 'this command takes {wanted} folder after its name', hint: null },
  'option-empty': { sentence: '--{option} needs a value after it', hint: null },
  'option-missing': { sentence: '--{option} is missing', hint: null },
  'option-number': { sentence: '--{option} takes a whole number from {least} to {most}', hint: null },
  'option-twice': { sentence: '--{option} is there twice', hint: null },
  'option-unknown': { sentence: 'this command has no option --{option}', hint: null },
  'organisation-name': {
    sentence: 'the name of the organisation is empty, too long (120 characters) or holds control characters',
    hint: 'it is shown to sources: write it as they know it',
  },
  'out-exists': { sentence: '{path} exists already', hint: 'nothing is overwritten; choose another name' },
  'out-unwritable': {
    sentence: '{path} cannot be written ({reason})',
    hint: 'does the folder exist, and is there room?',
  },
  'receipt-key': {
    sentence: '--receipt-key is not a public key (43 characters of base64url)',
    hint: 'on the server: node server/main.ts receipt-key prints it',
  },
  usage: { sentence: 'say what to do', hint: 'desk help lists the commands' },
} as const satisfies Record<string, Text>;

const COMMAND_HELP: Readonly<Record<string, string>> = {
  init: `desk init DIR --organisation NAME [--classic] [--demo]

Makes the keys of an organisation in the new folder DIR: the root key that signs key cards, the key that signs replies,
and an age identity that opens what sources send. Back the folder up, and keep it on machines without a network.

  --organisation NAME  the name that sources see
  --classic            classic age keys (X25519), which old age packages can open; the default is hybrid and safe
                       against quantum computers
  --demo               for trying things out: the page says plainly that nobody reads what is sent
`,
  card: `desk card DIR --receipt-key KEY [--days N] [--out FILE]

Signs the next key card: whom sources encrypt to, and until when. Install it on the server as card.note.

  --receipt-key KEY  public key by which the server signs receipts
  --days N           days that the card can be used from today (default 365, at most 3650)
  --out FILE         write the card to the new file FILE instead of printing it
`,
  root: `desk root DIR

Prints the public root key of the organisation. It is built into the page (POSTERN_ROOT_KEY).
`,
  identities: `desk identities DIR

Prints an age identity file: with it, age and tar alone open a parcel. Whoever has it can read everything sent.
`,
};

export const HELP = `desk: reads, verifies and extracts what sources sent, on a machine without network.

  desk init DIR --organisation NAME     make the keys of an organisation
  desk card DIR --receipt-key KEY       sign the next key card
  desk root DIR                         print the public root key
  desk identities DIR                   print an age identity file for stock tools
  desk help COMMAND                     more about a command

Every command takes --json: one JSON document on stdout. Progress and remarks go to stderr.

Exit codes:
  0  good
  1  there is something to look at: damage, tampering, a parcel that is unfinished or not for these keys
  2  used wrongly
  3  cannot: a file or folder cannot be read or written, or keys are missing
`;

/** The page of help for a command, or undefined when there is none. */
export function helpFor(name: string | undefined): string | undefined {
  return name !== undefined && Object.hasOwn(COMMAND_HELP, name) ? COMMAND_HELP[name] : undefined;
}

/** The sentence and hint for a failure; a usage failure hints at the help of its command. */
export function failureText(failure: Failure, command: string | undefined): Text {
  const { sentence, hint }: Text = FAILURES[failure.code];
  const fill = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(failure.values, name) ? printable(String(failure.values[name])) : whole,
    );
  const fallback = command !== undefined && helpFor(command) !== undefined ? `desk help ${command}` : null;
  return { sentence: fill(sentence), hint: hint === null ? fallback : fill(hint) };
}

/** After `desk init`. */
export function initText(
  folder: string,
  made: { organisation: string; kind: string; demo: boolean; root: string },
): string {
  return `Made ${made.kind} keys of ${printable(made.organisation)}${made.demo ? ' (a demonstration)' : ''} in ${printable(folder)}.
Back this folder up: without it nothing that sources send can be read.
Root key: ${made.root}
`;
}

/** After `desk card --out`. */
export function cardText(out: string, issued: Issued): string {
  return `Signed card ${issued.serial}, for use from ${issued.issued} until ${issued.until}, with ${count(issued.recipients, 'recipient')}: ${printable(out)}\n`;
}
