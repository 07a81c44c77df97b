/** `desk verify` for those who have no keys: a court, another newsroom, the source's lawyer. */
import { readBundle } from '../case/bundle.ts';
import { createFindings } from '../case/findings.ts';
import { needsLook } from '../case/examine.ts';
import { findingsJson } from '../case/report.ts';
import type { DeskContext, Options, Outcome } from '../commands/command.ts';
import { chosenParcels } from '../commands/open-case.ts';
import { findingLines } from '../text.ts';
import { openAnchor, receiptKeysOf } from './anchor.ts';
import { examineSealed } from './examine-sealed.ts';
import type { SealedExamination } from './examine-sealed.ts';
import { createHashPool } from './hash-pool.ts';
import { CHECKED, NOT_CHECKED, outsideEnd, outsideHead, sealedJson, sealedText } from './outside-text.ts';

/** Checks all that can be checked without opening a part. */
export async function verifyOutside({ operands, values, lists }: Options, { progress }: DeskContext): Promise<Outcome> {
  const bundle = await readBundle(operands[0]!);
  const findings = createFindings();
  const files = lists.get('card') ?? [];
  const anchor = await openAnchor({ root: values.get('root'), files, inBundle: bundle.card }, findings);
  const receiptKeys = receiptKeysOf(anchor);
  const examinations: SealedExamination[] = [];
  const pool = createHashPool();
  try {
    for (const parcel of chosenParcels(bundle, values.get('parcel')))
      examinations.push(await examineSealed(parcel, { bundle, receiptKeys, pool, progress }));
  } finally {
    await pool.close();
  }
  const good = !needsLook(findings) && examinations.every((examination) => !needsLook(examination.findings));
  return {
    exit: good ? 0 : 1,
    text:
      outsideHead(anchor, examinations.length) +
      findingLines(findings) +
      examinations.map((examination) => sealedText(examination)).join('\n') +
      outsideEnd(),
    json: {
      keys: false,
      organisation: anchor.cards.at(-1)?.organisation ?? null,
      fingerprint: anchor.fingerprint,
      checked: CHECKED,
      notChecked: NOT_CHECKED,
      ...findingsJson(findings),
      parcels: examinations.map((examination) => sealedJson(examination)),
    },
  };
}
