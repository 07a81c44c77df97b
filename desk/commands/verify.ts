/** `desk verify`: checks every signature, hash and file, and writes nothing but its event in the case log; without keys, all but the files. */
import { examineParcel, needsLook } from '../case/examine.ts';
import type { Examination } from '../case/examine.ts';
import { readCheckpoints } from '../case/checkpoints.ts';
import { checkHistory } from '../case/log-place.ts';
import { createPartPool } from '../case/part-pool.ts';
import { examinationJson, findingsJson } from '../case/report.ts';
import { startSession } from '../custody/session.ts';
import { Failure } from '../failure.ts';
import { verifyOutside } from '../outside/verify-outside.ts';
import { bundleText, examinationText, findingLines } from '../text.ts';
import type { Command } from './command.ts';
import { openCase } from './open-case.ts';

export const verify: Command = {
  operands: 1,
  flags: [],
  values: ['keys', 'root', 'parcel', 'cases', 'role'],
  lists: ['card'],
  required: [],
  async run(options, context) {
    if (!options.values.has('keys')) return verifyOutside(options, context);
    if (options.values.has('root') || options.lists.has('card')) throw new Failure('anchor-double');
    const opened = await openCase(options, context);
    const { keys, bundle, receiptKeys, identities, findings, parcels } = opened;
    const session = await startSession(opened, options, context);
    const { progress } = context;
    const pool = createPartPool(identities);
    const examinations: Examination[] = [];
    try {
      for (const parcel of parcels) {
        const openSink = () => Promise.resolve(null);
        const examination = await examineParcel(parcel, { bundle, receiptKeys, pool, progress, openSink });
        await session.record(parcel, examination.statements?.received ?? null, {
          action: 'verified',
          after: examination.statements?.root ?? null,
          values: { state: examination.state },
        });
        examinations.push(examination);
      }
    } finally {
      await pool.close();
    }
    const places = examinations.flatMap(({ statements }) => statements?.logged ?? []);
    checkHistory([...places, ...(await readCheckpoints(bundle.folder, receiptKeys))], findings);
    const good = !needsLook(findings) && examinations.every((examination) => !needsLook(examination.findings));
    return {
      exit: good ? 0 : 1,
      text:
        bundleText(keys.organisation.name, examinations.length) +
        findingLines(findings) +
        examinations.map((examination) => examinationText(examination)).join('\n'),
      json: { ...findingsJson(findings), parcels: examinations.map((examination) => examinationJson(examination)) },
    };
  },
};
