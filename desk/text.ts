/** Every sentence that the desk says to a person. Values that may come from a stranger are made printable here. */
import type { Examination, ParcelState } from './case/examine.ts';
import type { Finding, Findings } from './case/findings.ts';
import type { Statements } from './case/statements.ts';
import { CEREMONY_HELP } from './ceremony-text.ts';
import type { Failure } from './failure.ts';
import { BIND_HELP, PROVE_HELP, VERIFY_CLIP_HELP } from './proof/proof-texts.ts';
import { REPORT_HELP } from './custody/report-text.ts';
import { FINDINGS } from './finding-sentences.ts';
import { FAILURES } from './sentences.ts';
import type { Text } from './sentences.ts';
import { OPEN_HELP } from './viewer-server/viewer-text.ts';
import { count, formatRanges, formatSize } from './terminal/amounts.ts';
import { printable } from './terminal/printable.ts';

const COMMAND_HELP: Readonly<Record<string, string>> = {
  ...CEREMONY_HELP,
  init: `desk init DIR [--organisation NAME] [--classic] [--demo]
desk init DIR --team NAME --root KEY [--classic] [--yes]

Makes the keys of an organisation in the new folder DIR: the root key that signs key cards, the key that signs replies,
and age identities that open what sources send. Back the folder up, and keep it on machines without a network.

Without --organisation it asks for everything, and guides through passphrase, identities and paper backup; nothing is made
before the last question is answered. The files to print lie in DIR-paper meanwhile, and are destroyed once they were read back.

  --organisation NAME  the name that sources see
  --classic            classic age keys (X25519), which old age packages can open; the default is hybrid and safe
                       against quantum computers
  --demo               for trying things out: the page says plainly that nobody reads what is sent

The second form makes the keys of a team's own desk, which opens what sources send and signs no cards: desk help team.

  --team NAME  what the organisation calls the team
  --root KEY   the organisation's public root key, as desk root DIR prints it at the main desk; you compare its ten words
  --yes        do not ask; without --passphrase-file the keys have no passphrase then
`,
  card: `desk card DIR --receipt-key KEY [--days N] [--out FILE]

Signs the next key card: whom sources encrypt to, and until when. Install it on the server as card.note.

  --receipt-key KEY  public key by which the server signs receipts
  --days N           days that the card can be used from today (default 365, at most 3650)
  --out FILE         write the card to the new file FILE instead of printing it
`,
  root: `desk root DIR [--fingerprint]

Prints the public root key of the organisation. It is built into the page (POSTERN_ROOT_KEY).

  --fingerprint  print what the page shows of the key instead: publish it, so that sources can compare it
`,
  list: `desk list BUNDLE --keys DIR [--parcel ID]

Shows the parcels in a bundle, those of one source together and with your own replies between them: state, size, day of
receipt, number of files, first lines of the message. That it is one source is proved by the mailbox key that signed
everything. Only the first part of each parcel is read and checked.
`,
  verify: `desk verify BUNDLE --keys DIR [--parcel ID]
desk verify BUNDLE (--root KEY | --card FILE)... [--parcel ID]

Checks every signature, hash and file of every parcel, and lists all that is wrong, each with a code of its own (--json).
Nothing is written but an event in the case log. Exit code 1 when there is anything to look at.

Without keys everything is checked but what the parts hold: signatures, hashes of all parts, seal and receipt.

  --root KEY   whose card and receipts to believe: the public root key of the organisation, or its fingerprint as published
  --card FILE  a card of the organisation that you got by another way than the bundle; may be given several times, for receipts
               that name an older one
`,
  extract: `desk extract BUNDLE --keys DIR --out OUT [--parcel ID] [--partial] [--sha512]

Checks as verify does, and writes each parcel as a BagIt bag to OUT/<parcel>, which must not exist yet; the outcome is
written to OUT/<parcel>.report.json. Of an unfinished or damaged parcel every file that is whole comes out. Cut
off, it can be run again; parcels that lie in OUT already are left alone. In OUT/<parcel>, sha256sum -c manifest-sha256.txt checks the files once more.

  --parcel ID  only the parcel whose id begins so
  --partial    keep incomplete files too, as NAME.incomplete, and files that differ from the manifest as NAME.differs
  --sha512     compute SHA-512 of every file on the way; it takes longer, and desk report adds it before you hand anything over
`,
  conversation: `desk conversation BUNDLE --keys DIR --to PARCEL

Shows everything in the bundle that the source of PARCEL sent, and what you answered, in order and with whole messages.
Messages are checked; of the files only the number is told, and desk verify checks those.

  --to PARCEL  any parcel of the source; as many digits of its id as make it plain
`,
  reply: `desk reply BUNDLE --keys DIR --to PARCEL --message FILE [--attach FILE]...

Writes a reply to the source of PARCEL into BUNDLE/outbox, whole or not at all; courier push delivers it. Only the codename of
that source opens it, and it is signed by your reply key. Nothing is written when it cannot be proved whose mailbox
it is. What you sent is kept in DIR/sent, for list and conversation to show.

  --to PARCEL     the parcel that you answer; as many digits of its id as make it plain
  --message FILE  the text, plain UTF-8, at most 1 MiB; - reads what is piped in
  --attach FILE   a file to send along, under its own name without folders; may be given several times. Its times do not
                  travel, but what is inside it does: look at its metadata first
`,
  open: OPEN_HELP,
  bind: BIND_HELP,
  prove: PROVE_HELP,
  'verify-clip': VERIFY_CLIP_HELP,
  version: `desk version

Prints the version of this program and of the Node inside, and of the single executable its SHA-256, which stands in SHA256SUMS.
`,
  report: REPORT_HELP,
  identities: `desk identities DIR [--list] [--recipients]

Prints an age identity file: with it, age and tar alone open a parcel. Whoever has it can read everything sent.

  --list        show their days and words instead, and no secret
  --recipients  print the recipients, for the desk that signs cards: desk team add
`,
};

export const HELP = `desk: reads, verifies and extracts what sources sent, on a machine without network.

  desk init DIR                         make the keys of an organisation
  desk card DIR --receipt-key KEY       sign the next key card
  desk root DIR                         print the public root key
  desk rotate DIR --out FILE            make the identities of the next periods, and the card that names them
  desk retire DIR IDENTITY              destroy an identity whose days are over
  desk team ACTION DIR …                other desks that can open what sources send: list, add, remove, grant, key, accept
  desk passphrase DIR                   set, change or take away the passphrase of the keys
  desk backup DIR --out FILE            all keys on one page to print
  desk split DIR --out FOLDER           all keys on several pages, of which some are needed
  desk join DIR [FILE]...               make a key folder anew from such pages
  desk identities DIR                   print an age identity file for stock tools
  desk list BUNDLE --keys DIR           what came: size, day, number of files, first lines of the message
  desk open BUNDLE --keys DIR           show it in a browser of this machine; nothing is written out
  desk conversation BUNDLE --keys DIR --to PARCEL
                                        what one source sent, and what you answered, in order
  desk reply BUNDLE --keys DIR --to PARCEL --message FILE [--attach FILE]...
                                        answer the source of a parcel; courier push delivers it
  desk verify BUNDLE --keys DIR         check every signature and every byte; write nothing
  desk verify BUNDLE --root KEY         without keys: check everything but what the parts hold
  desk extract BUNDLE --keys DIR --out OUT
                                        check all the same, and write each parcel to OUT/<parcel>
  desk bind BAG --keys DIR              sign for the files of an extracted bag, so that clips of them can be proved
  desk prove FILE --keys DIR --from TIME --to TIME --out OUT
                                        prove that a clip is part of a received file, without showing the rest
  desk verify-clip FOLDER --root KEY    check such a proof
  desk version                          which version this is, and the SHA-256 of the executable
  desk report BAG --keys DIR            make a new custody report over an extracted bag
  desk help COMMAND                     more about a command

Every command takes --json: one JSON document on stdout. Progress, remarks and questions go to stderr. The passphrase of
the keys is asked for; --passphrase-file FILE takes the first line of FILE instead.

Exit codes:
  0  good
  1  there is something to look at: damage, tampering, a parcel that is unfinished (list: not for that alone), that is
     not for these keys, or in which a file changed at the source or could not be read to its end
  2  used wrongly
  3  cannot: a file or folder cannot be read or written, keys are missing, or it cannot be proved to whom a reply would go
`;

/** The page of help for a command, or undefined when there is none. */
export function helpFor(name: string | undefined): string | undefined {
  return name !== undefined && Object.hasOwn(COMMAND_HELP, name) ? COMMAND_HELP[name] : undefined;
}

/** The sentence and hint for a failure; a usage failure hints at the help of its command. */
export function failureText(failure: Failure, command: string | undefined): Text {
  const { sentence, hint }: Text = FAILURES[failure.code];
  const help = helpFor(command);
  const values = { usage: help?.split('\n\n', 1)[0]!.replaceAll('\n', ', or '), ...failure.values };
  const fill = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? printable(String(values[name as keyof typeof values])) : whole,
    );
  const fallback = help === undefined ? null : `desk help ${command}`;
  return { sentence: fill(sentence), hint: hint === null ? fallback : fill(hint) };
}

/** After `desk init`. */
export function initText(
  folder: string,
  made: { organisation: string; kind: string; demo: boolean; root: string; words: string },
): string {
  return `Made ${made.kind} keys of ${printable(made.organisation)}${made.demo ? ' (a demonstration)' : ''} in ${printable(folder)}.
Back this folder up: without it nothing that sources send can be read.
Root key: ${made.root}
In words: ${made.words}
`;
}

/** After `desk card --out`. */
export function cardText(
  out: string,
  issued: { serial: number; issued: string; until: string; recipients: number; made: number },
): string {
  return `Signed card ${issued.serial}, for use from ${issued.issued} until ${issued.until}, with ${count(issued.recipients, 'recipient')}: ${printable(out)}
${cardBackup(issued.made)}
`;
}

/** What is to be done after every card. */
export function cardBackup(made: number): string {
  return made === 0
    ? 'Make a new backup of the keys: the old one does not hold this card.'
    : 'A new identity was made for it. Make a new backup of the keys: the old one does not hold that.';
}

/** The sentence of a finding, safe for a terminal. */
export function findingText({ code, values }: Finding): string {
  const { sentence }: { sentence: string } = FINDINGS[code];
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (typeof value === 'object') return formatRanges(value);
    return typeof value === 'number' ? value.toLocaleString('en') : printable(value);
  });
}

/** Sentences of one code that are written out; the rest are counted. */
const SENTENCES_SHOWN = 10;

/** The findings as lines, remarks last. */
export function findingLines(findings: Findings): string {
  const counts = findings.counts();
  const shown = new Map<string, number>();
  const rank = ({ code }: Finding) => (FINDINGS[code].kind === 'remark' ? 1 : 0);
  let text = '';
  for (const finding of findings.list().toSorted((a, b) => rank(a) - rank(b))) {
    const number = (shown.get(finding.code) ?? 0) + 1;
    shown.set(finding.code, number);
    if (number <= SENTENCES_SHOWN) text += `  - ${findingText(finding)}\n`;
    else if (number === SENTENCES_SHOWN + 1)
      text += `    and ${counts[finding.code]! - SENTENCES_SHOWN} more like it (${finding.code})\n`;
  }
  return text;
}

const STATES: Readonly<Record<ParcelState, string>> = {
  complete: 'complete',
  unfinished: 'UNFINISHED',
  damaged: 'DAMAGED',
  'not-for-us': 'NOT FOR THESE KEYS',
};

/** What the statements of a parcel prove, in words. */
export function statementFacts(statements: Statements | null): string[] {
  if (statements === null) return [];
  const facts = [statements.sealed ? 'sealed by the source' : 'not sealed'];
  if (statements.received !== null) facts.push(`received ${statements.received}`);
  if (statements.logged !== null) facts.push('the receipt is in the public log');
  return facts;
}

/** What `verify` and `extract` say about a parcel. */
export function examinationText({ parcel, state, statements, reading, files, findings }: Examination): string {
  const facts = statementFacts(statements);
  if (reading) {
    facts.push(`${reading.parts.good.toLocaleString('en')} of ${count(reading.parts.total, 'part')} good`);
    facts.push(
      formatSize(reading.bytes.total) +
        (reading.bytes.lost > 0 ? `, of which ${formatSize(reading.bytes.lost)} cannot be read` : ''),
    );
  }
  if (files)
    facts.push(
      `${files.whole.toLocaleString('en')} of ${files.announced === null ? 'an unknown number of files' : count(files.announced, 'file')} whole`,
    );
  return `${parcel}  ${STATES[state]}${facts.length > 0 ? `\n  ${facts.join('; ')}` : ''}\n${findingLines(findings)}`;
}

/** Where a parcel was written to. */
export function extractedText(out: string | null, report: string): string {
  return `${out === null ? '' : `  written to ${printable(out)}\n`}  report: ${printable(report)}\n`;
}

/** When a parcel was extracted before. */
export function skippedText(parcel: string, folder: string, complete: boolean): string {
  const advice = complete ? '' : '; it was not complete then: move it away to extract it again';
  return `${parcel}  left alone\n  extracted before to ${printable(folder)}${advice}\n`;
}

/** The line before the parcels of a bundle. */
export function bundleText(organisation: string, parcels: number): string {
  return `${printable(organisation)}: ${count(parcels, 'parcel')}\n\n`;
}

/** When the key folder can be opened by others. */
export function openKeysText(folder: string): string {
  return `desk: others on this machine can look into ${printable(folder)}: chmod 700 it`;
}
