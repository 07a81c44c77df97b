/** A new report over a bag that lies extracted: every file hashed anew and held against the report that was signed when it was written. */
import { join } from 'node:path';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { openDeskStatement } from '../../shared/statements/desk.ts';
import type { DeskContext } from '../commands/command.ts';
import type { Keys } from '../keys/key-folder.ts';
import { count } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { changesBeside } from './bag-changes.ts';
import { writeBagCustody } from './bag-custody.ts';
import type { EarlierReport } from './earlier-report.ts';
import { createFactsReader } from './facts/facts-reader.ts';
import type { HashName } from './file-hash-messages.ts';
import { createFileHashPool } from './file-hash-pool.ts';
import type { FileHashes } from './file-hash-pool.ts';
import { withRanges } from './file-hashes.ts';
import type { Report } from './report-data.ts';
import { reportFiles } from './report-files.ts';
import { clockGaps, SHA512_LATER } from './report-gaps.ts';
import type { ReportItem } from './report-item.ts';
import { sha256Hex } from './report-note.ts';
import { proved, verifyCommands } from './report-words.ts';
import type { Session } from './session.ts';
import { timeStampRequest } from './time-stamp.ts';

/** Files that are named one by one beside those of the report. */
const MOST_NAMED = 100;

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
  const { items, changed: differing } = await lookAgain(bag, before.items, progress);
  const received = before.proofs.received;
  const log = await session.openLog(before.parcel, received);
  const beside = await changesBeside(bag, before.items, log.events());
  const changed = differing + beside.length;
  await log.append({ action: 'verified', before: earlier.sha256, values: { files: items.length, changed } });
  const doubt = session.doubt(received);
  const desk = await openDeskStatement(keys.deskNote, keys.root.publicKey);
  const time = `${now().toISOString().slice(0, 19)}Z`;
  const events = log.events();
  const ownGaps = clockGaps(before.made.clock.doubt, events.slice(0, before.events.count));
  const report: Report = {
    ...before,
    made: { time, clock: { source: "this machine's clock", doubt } },
    by: { role: session.role, device: desk.desk },
    state: changed > 0 ? 'damaged' : before.state,
    keys: { ...before.keys, desk: toBase64Url(desk.key) },
    items,
    events: { count: events.length, head: log.head() },
    gaps: [
      ...(changed > 0
        ? [
            `${count(changed, 'file')} of the bag ${changed === 1 ? 'is' : 'are'} not as the desk wrote ${changed === 1 ? 'it' : 'them'}, as was found at ${time}.`,
            ...beside.slice(0, MOST_NAMED).map((path) => `${printable(path)} does not lie there as it was written.`),
          ]
        : []),
      ...clockGaps(doubt, events),
      // What the earlier report said of itself is not true of this one.
      ...before.gaps.filter((gap) => gap !== SHA512_LATER && !ownGaps.includes(gap)),
    ],
    proved: proved({ proofs: before.proofs, organisation: before.organisation, items }),
    verify: verifyCommands(before.parcel, before.proofs, items),
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

const HASHES: readonly HashName[] = ['sha256', 'sha512'];

/** Hashes every written file in other threads, and reads the facts of one while the next are hashed. */
async function lookAgain(
  bag: string,
  items: readonly ReportItem[],
  progress: DeskContext['progress'],
): Promise<{ items: readonly ReportItem[]; changed: number }> {
  const written = items.filter(({ metadata }) => metadata !== null);
  const facts = createFactsReader();
  const pool = createFileHashPool();
  const bar = progress.start(
    'hashes',
    written.reduce((sum, { size }) => sum + (size ?? 0), 0),
  );
  let [changed, done] = [0, 0];
  const seen = (bytes: number): void => bar.update((done += bytes));
  const found = new Map<ReportItem, ReportItem>();
  try {
    const hashed = written.map((item) => {
      const path = join(bag, item.stored ?? item.path);
      const hashing = pool.hash(path, HASHES, seen);
      // Its failure is met below, in turn, unless an earlier one comes first.
      hashing.catch(() => undefined);
      return { item, path, hashing };
    });
    for (const { item, path, hashing } of hashed) {
      const hashes = await hashing;
      if (!isSame(item, hashes)) {
        changed++;
        // The hashes stay those that were proved; a file that has others is said to differ.
        found.set(item, { ...item, verdict: hashes === null ? 'missing' : 'differs' });
        continue;
      }
      const { detected, ...metadata } = await withRanges(path, (ranges) => facts.read(ranges));
      const type = { ...item.type, detected };
      found.set(item, { ...item, type, metadata, sha512: hashes?.sha512 ?? null });
    }
  } finally {
    bar.end();
    await facts.close();
    await pool.close();
  }
  return { items: items.map((item) => found.get(item) ?? item), changed };
}

/** True when the file has the hashes that an earlier report says; that may be without SHA-512. */
function isSame({ sha256, sha512 }: ReportItem, hashes: FileHashes | null): boolean {
  return hashes !== null && hashes.sha256 === sha256 && (sha512 === null || hashes.sha512 === sha512);
}
