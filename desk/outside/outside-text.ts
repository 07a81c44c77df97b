/** What `verify` without keys says: as plainly what it did not look at as what it did. */
import { findingsJson, statementsJson } from '../case/report.ts';
import { count, formatSize } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { findingLines, statementFacts } from '../text.ts';
import type { Anchor } from './anchor.ts';
import type { SealedExamination, SealedState } from './examine-sealed.ts';

const STATES: Readonly<Record<SealedState, string>> = {
  'as-sealed': 'AS THE SOURCE SEALED IT',
  unfinished: 'UNFINISHED',
  damaged: 'DAMAGED',
};

export const CHECKED = [
  'each part is, byte for byte, the one that the mailbox key of the source signed',
  'a seal by the same key names exactly these parts',
  'a receipt for exactly this seal was signed, on the day that it tells, by a receipt key that the organisation named on a card',
] as const;

export const NOT_CHECKED = [
  'what the parts hold: they are encrypted, and only the organisation can open them and check each file against the manifest inside',
  'whether the key that signed is the one which stands inside: somebody on the way could have put parts, signatures and seal of their own in place before the receipt was given, and only the organisation would see it',
  'who the source is, and who filmed: nothing here tells',
  'whether the organisation keeps other parcels that are not in this bundle',
] as const;

/** The line before the parcels. */
export function outsideHead({ cards, fingerprint }: Anchor, parcels: number): string {
  const organisation = cards.at(-1)?.organisation;
  const whose = organisation === undefined ? 'An organisation whose card is not here' : printable(organisation);
  return `${whose}: ${count(parcels, 'parcel')}, checked without keys\nroot key: ${fingerprint}\n\n`;
}

/** One parcel. */
export function sealedText({ parcel, state, statements, parts, bytes, findings }: SealedExamination): string {
  const facts = statementFacts(statements);
  if (parts) facts.push(`${parts.good.toLocaleString('en')} of ${count(parts.total, 'part')} good`, formatSize(bytes));
  return `${parcel}  ${STATES[state]}${facts.length > 0 ? `\n  ${facts.join('; ')}` : ''}\n${findingLines(findings)}`;
}

/** The lines after them. */
export function outsideEnd(): string {
  const list = (sentences: readonly string[]) => sentences.map((sentence) => `  - ${sentence}\n`).join('');
  return `\nLooked at of each parcel, and so unless it is said otherwise above:\n${list(CHECKED)}Not looked at:\n${list(NOT_CHECKED)}`;
}

/** One parcel for `--json`. */
export function sealedJson(examination: SealedExamination): Record<string, unknown> {
  const { parcel, state, statements, parts, bytes, findings } = examination;
  return {
    parcel,
    state,
    ...statementsJson(statements),
    parts,
    bytes,
    ...findingsJson(findings),
  };
}
