/** A new report over a bag that lies extracted: every file hashed anew and held against the report that was signed when it was written. */
import { join } from 'node:path';
import { openDeskStatement } from '../../shared/statements/desk.ts';
import type { DeskContext } from '../commands/command.ts';
import type { Keys } from '../keys/key-folder.ts';
import { count } from '../terminal/amounts.ts';
import { writeBagCustody } from './bag-custody.ts';
import type { EarlierReport } from './earlier-report.ts';
import { createFactsReader } from './facts/facts-reader.ts';
import { hashesOf, isFile, withRanges } from './file-hashes.ts';
import type { Report } from './report-data.ts';
import { reportFiles } from './report-files.ts';
import type { ReportItem } from './report-item.ts';
import { sha256Hex } from './report-note.ts';
import type { Session } from './session.ts';
import { timeStampRequest } from './time-stamp.ts';

/** The report, its SHA-256, and how many files are not as they were. */
export interface NewReport {
  readonly report: Report;
  readonly sha256: string;
  readonly changed: number;
}

/** Writes it. With `stamp`, a request for a time stamp over the signature of the report lies beside. */
export async function reportAgain(
  bag: string,
  earlier: EarlierReport,
  { keys, session, stamp }: { keys: Keys; session: Session; stamp: boolean },
  { now, random, progress }: Pick<DeskContext, 'now' | 'random' | 'progress'>,
): Promise<NewReport> {
  const before = earlier.report;
  const { items, changed } = await lookAgain(bag, before.items, progress);
  const received = before.proofs.received;
  const log = await session.openLog(before.parcel, received);
  await log.append({ action: 'verified', before: earlier.sha256, values: { files: items.length, changed } });
  const doubt = session.doubt(received);
  const desk = await openDeskStatement(keys.deskNote, keys.root.publicKey);
  const report: Report = {
    ...before,
    made: { time: `${now().toISOString().slice(0, 19)}Z`, clock: { source: "this machine's clock", doubt } },
    by: { role: session.role, device: desk.desk },
    state: changed > 0 ? 'damaged' : before.state,
    items,
    events: { count: log.events().length, head: log.head() },
    gaps: [
      ...(changed > 0
        ? [
            `${count(changed, 'file')} of the bag changed or went missing since the report ${earlier.sha256} was signed.`,
          ]
        : []),
      ...(doubt === null ? [] : [`${doubt} The time of this report is doubtful.`]),
      ...before.gaps,
    ],
  };
  const { files, sha256 } = await reportFiles(report, {
    log,
    desk: keys.desk,
    deskNote: keys.deskNote,
    statements: earlier.statements,
  });
  const request = stamp
    ? [['report.tsq', timeStampRequest(Buffer.from(sha256Hex(files.get('report.note')!), 'hex'), random(8))] as const]
    : [];
  await writeBagCustody(bag, new Map([...files, ...request]), items);
  await log.append({
    action: 'reported',
    items: [{ path: 'custody/report.json', sha256 }],
    before: earlier.sha256,
    after: sha256,
  });
  return { report, sha256, changed };
}

async function lookAgain(
  bag: string,
  items: readonly ReportItem[],
  progress: DeskContext['progress'],
): Promise<{ items: readonly ReportItem[]; changed: number }> {
  const facts = createFactsReader();
  const bar = progress.start(
    'hashes',
    items.reduce((sum, { size }) => sum + (size ?? 0), 0),
  );
  const seen: ReportItem[] = [];
  let [changed, done] = [0, 0];
  try {
    for (const item of items) {
      if (item.sha512 === null) {
        seen.push(item);
        continue;
      }
      const path = join(bag, item.stored ?? item.path);
      if (!(await isFile(path))) {
        changed++;
        seen.push({ ...item, verdict: 'missing', sha512: null });
        continue;
      }
      const { sha256, sha512 } = await hashesOf(path, ['sha256', 'sha512'], (bytes) => bar.update((done += bytes)));
      const { detected, ...metadata } = await withRanges(path, (ranges) => facts.read(ranges));
      const same = sha256 === item.sha256 && sha512 === item.sha512;
      if (!same) changed++;
      const type = { ...item.type, detected };
      // The hashes stay those that were proved; a file that has others is said to differ.
      seen.push(same ? { ...item, type, metadata } : { ...item, verdict: 'differs' });
    }
  } finally {
    bar.end();
    await facts.close();
  }
  return { items: seen, changed };
}
