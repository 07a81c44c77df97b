/** `desk extract`: checks every parcel as `verify` does, and writes its files. */
import { earlierOutcome, extractParcel } from '../case/extraction.ts';
import type { Extracted } from '../case/extraction.ts';
import { needsLook } from '../case/examine.ts';
import { createPartPool } from '../case/part-pool.ts';
import { examinationJson, findingsJson } from '../case/report.ts';
import type { WrittenBag } from '../case/written-bag.ts';
import { createFactsReader } from '../custody/facts/facts-reader.ts';
import { startSession } from '../custody/session.ts';
import { writeCustody } from '../custody/written-bag.ts';
import { Failure, systemCode } from '../failure.ts';
import { bundleText, examinationText, extractedText, findingLines, skippedText } from '../text.ts';
import { makeFolder } from '../make-folder.ts';
import type { Command } from './command.ts';
import { openCase } from './open-case.ts';

export const extract: Command = {
  operands: 1,
  flags: ['partial', 'sha512'],
  values: ['keys', 'out', 'parcel', 'cases', 'role'],
  required: ['keys', 'out'],
  async run(options, context) {
    const opened = await openCase(options, context);
    const { keys, bundle, receiptKeys, identities, findings, parcels } = opened;
    const session = await startSession(opened, options, context);
    const facts = createFactsReader();
    const { progress } = context;
    const out = options.values.get('out')!;
    const partial = options.flags.has('partial');
    const sha512 = options.flags.has('sha512');
    await makeFolder(out).catch((error: unknown) => {
      throw new Failure('out-unwritable', { path: out, reason: systemCode(error) ?? 'unknown' });
    });
    const pool = createPartPool(identities);
    const complete = async (bag: WrittenBag): Promise<void> => {
      // The report needs memory of its own, and of the last parcel no part is opened any more.
      if (parcels.length === 1) await pool.close();
      await writeCustody(bag, opened, { session, facts }, context);
    };
    const results: Result[] = [];
    try {
      for (const parcel of parcels) {
        // Bundles grow from one visit to the next: what was extracted before must not stand in the way of what is new.
        const earlier = parcels.length > 1 ? await earlierOutcome(parcel, out) : null;
        const result =
          earlier === null
            ? fresh(
                await extractParcel(parcel, { bundle, receiptKeys, pool, progress, out, partial, sha512, complete }),
              )
            : skipped(parcel, earlier);
        results.push(result);
      }
    } finally {
      await pool.close();
      await facts.close();
    }
    const good = !needsLook(findings) && results.every((result) => result.good);
    return {
      exit: good ? 0 : 1,
      text:
        bundleText(keys.organisation.name, results.length) +
        findingLines(findings) +
        results.map(({ text }) => text).join('\n'),
      json: { ...findingsJson(findings), parcels: results.map(({ json }) => json) },
    };
  },
};

interface Result {
  readonly good: boolean;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

function fresh({ examination, folder, report }: Extracted): Result {
  return {
    good: !needsLook(examination.findings),
    text: examinationText(examination) + extractedText(folder, report),
    json: { ...examinationJson(examination), folder, report },
  };
}

/** A parcel that lies there already: good when it was complete, for then nothing can have been added to it. */
function skipped(parcel: string, { folder, complete }: { folder: string; complete: boolean }): Result {
  return {
    good: complete,
    text: skippedText(parcel, folder, complete),
    json: { parcel, state: 'extracted-before', complete, folder },
  };
}
