/** `desk report`: a custody report over an extracted bag, made anew; a request for a time stamp, and the answer put beside it. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTagManifest } from '../custody/bag-custody.ts';
import { readEarlierReport } from '../custody/earlier-report.ts';
import type { EarlierReport } from '../custody/earlier-report.ts';
import { reportAgain } from '../custody/report-again.ts';
import { sha256Hex } from '../custody/report-note.ts';
import { reportedText, stampedText } from '../custody/report-text.ts';
import { startSession } from '../custody/session.ts';
import type { Session } from '../custody/session.ts';
import { answersRequest, MAX_ANSWER } from '../custody/time-stamp.ts';
import { replaceFile } from '../durable.ts';
import { Failure, systemCode } from '../failure.ts';
import { readKeyFolder } from '../keys/key-folder.ts';
import type { Command, Outcome } from './command.ts';

export const report: Command = {
  operands: 1,
  flags: ['timestamp-request'],
  values: ['keys', 'cases', 'role', 'timestamp'],
  required: ['keys'],
  async run(options, context) {
    const bag = options.operands[0]!;
    const keys = await readKeyFolder(options.values.get('keys')!, context);
    const earlier = await readEarlierReport(bag, keys.root.publicKey);
    const session = await startSession({ keys, card: earlier.card }, options, context);
    const answer = options.values.get('timestamp');
    try {
      if (answer !== undefined) return await putStamp(bag, earlier, session, answer);
      const stamp = options.flags.has('timestamp-request');
      const made = await reportAgain(bag, earlier, { keys, session, stamp }, context);
      return {
        exit: made.changed > 0 ? 1 : 0,
        text: reportedText(bag, { ...made, parcel: made.report.parcel }, stamp),
        json: { folder: bag, parcel: made.report.parcel, sha256: made.sha256, changed: made.changed },
      };
    } catch (error) {
      const reason = systemCode(error);
      throw reason === null ? error : new Failure('out-unwritable', { path: bag, reason });
    }
  },
};

async function putStamp(bag: string, earlier: EarlierReport, session: Session, path: string): Promise<Outcome> {
  const answer = await readAnswer(path);
  const imprint = sha256Hex(earlier.note);
  if (!answersRequest(answer, Buffer.from(imprint, 'hex'))) throw new Failure('timestamp-differs', { path });
  await replaceFile(join(bag, 'custody/report.tsr'), answer);
  await writeTagManifest(bag);
  const log = await session.openLog(earlier.report.parcel, earlier.report.proofs.received);
  const sha256 = sha256Hex(answer);
  await log.append({ action: 'time-stamped', items: [{ path: 'custody/report.tsr', sha256 }], before: earlier.sha256 });
  return { exit: 0, text: stampedText(bag), json: { folder: bag, parcel: earlier.report.parcel, answer: sha256 } };
}

async function readAnswer(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    return size > MAX_ANSWER ? new Uint8Array(0) : new Uint8Array(await readFile(path));
  } catch (error) {
    throw new Failure('timestamp-unreadable', { path, reason: systemCode(error) ?? 'unknown' });
  }
}
