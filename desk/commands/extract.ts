/** `desk extract`: checks every parcel as `verify` does, and writes its files. */
import { mkdir } from 'node:fs/promises';
import { extractParcel } from '../case/extraction.ts';
import type { Extracted } from '../case/extraction.ts';
import { needsLook } from '../case/examine.ts';
import { createPartPool } from '../case/part-pool.ts';
import { examinationJson, findingsJson } from '../case/report.ts';
import { Failure, systemCode } from '../failure.ts';
import { bundleText, examinationText, extractedText, findingLines } from '../text.ts';
import type { Command } from './command.ts';
import { openCase } from './open-case.ts';

export const extract: Command = {
  operands: 1,
  flags: ['partial'],
  values: ['keys', 'out', 'parcel'],
  required: ['keys', 'out'],
  async run(options, context) {
    const { keys, bundle, receiptKeys, identities, findings, parcels } = await openCase(options, context);
    const { progress } = context;
    const out = options.values.get('out')!;
    const partial = options.flags.has('partial');
    await mkdir(out, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw new Failure('out-unwritable', { path: out, reason: systemCode(error) ?? 'unknown' });
    });
    const pool = createPartPool(identities);
    const all: Extracted[] = [];
    try {
      for (const parcel of parcels)
        all.push(await extractParcel(parcel, { bundle, receiptKeys, pool, progress, out, partial }));
    } finally {
      await pool.close();
    }
    const good = !needsLook(findings) && all.every(({ examination }) => !needsLook(examination.findings));
    return {
      exit: good ? 0 : 1,
      text:
        bundleText(keys.organisation.name, all.length) +
        findingLines(findings) +
        all
          .map(({ examination, folder, report }) => examinationText(examination) + extractedText(folder, report))
          .join('\n'),
      json: {
        ...findingsJson(findings),
        parcels: all.map(({ examination, folder, report }) => ({ ...examinationJson(examination), folder, report })),
      },
    };
  },
};
