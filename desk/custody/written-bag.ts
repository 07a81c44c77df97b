/** Custody of a bag that was just written: what is known of its files, the event, the report, and the tag files. */
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import type { WrittenBag } from '../case/written-bag.ts';
import type { DeskContext } from '../commands/command.ts';
import type { Case } from '../commands/open-case.ts';
import { readEnvelopeText, parcelFolder } from '../case/bundle.ts';
import { tagItems } from './bag-changes.ts';
import { writeBagCustody } from './bag-custody.ts';
import { findCheckpointStamp } from './checkpoint-stamp.ts';
import type { FactsReader } from './facts/facts-reader.ts';
import { noFacts } from './facts/facts.ts';
import { isFile, withRanges } from './file-hashes.ts';
import { makeReport } from './report-data.ts';
import { reportFiles } from './report-files.ts';
import { reportItem } from './report-item.ts';
import type { Look, ReportItem } from './report-item.ts';
import type { Session } from './session.ts';

/** Writes the tag files of custody. */
export async function writeCustody(
  { folder, examination, renamed, offsets, sha512 }: WrittenBag,
  opened: Case,
  { session, facts }: { session: Session; facts: FactsReader },
  { now, progress }: Pick<DeskContext, 'now' | 'progress'>,
): Promise<void> {
  const { keys, card, bundle } = opened;
  const { parcel, statements, reading } = examination;
  const stored = new Map(renamed.map((entry) => [entry.path, entry.stored]));
  const items: ReportItem[] = [];
  const bar = progress.start('custody', statements?.opening.size ?? 0);
  let done = 0;
  try {
    for (const file of reading?.bag?.files() ?? []) {
      const path = stored.get(file.path) ?? file.path;
      const look = await lookAt(join(folder, path), facts, sha512.get(file.path) ?? null);
      bar.update((done += file.size ?? 0));
      const offset = offsets.get(file.path) ?? null;
      const partSize = statements?.opening.partSize ?? 1;
      items.push(reportItem(file, look, { offset, partSize, stored: stored.get(file.path) ?? null }));
    }
  } finally {
    bar.end();
  }
  const received = statements?.received ?? null;
  const log = await session.openLog(parcel, received);
  await log.append({
    action: 'extracted',
    items: await tagItems(folder),
    after: statements?.root ?? null,
    values: { files: items.length, state: examination.state },
  });
  const stamped = await findCheckpointStamp(bundle.folder, statements?.logged ?? null, opened.receiptKeys);
  const report = await makeReport({
    ...opened,
    examination,
    checkpointStamp: stamped?.stamp ?? null,
    items,
    bundleFindings: opened.findings.list(),
    log,
    now: now(),
    doubt: session.doubt(received),
    role: session.role,
  });
  const envelope = await readEnvelopeText(parcelFolder(bundle, parcel));
  const texts = { 'card.note': card === null ? null : bundle.card, 'envelope.json': envelope };
  const { files, sha256 } = await reportFiles(report, {
    log,
    desk: keys.desk,
    deskNote: keys.deskNote,
    statements: new Map(
      Object.entries(texts).flatMap(([name, text]) => (text === null ? [] : [[name, text] as const])),
    ),
  });
  // The whole folder goes to the disk at once, before it gets its name.
  await writeBagCustody(folder, new Map([...files, ...(stamped?.files ?? [])]), items, (path, content) =>
    writeFile(path, content, { mode: 0o600 }),
  );
  await log.append({ action: 'reported', items: [{ path: 'custody/report.json', sha256 }], after: sha256 });
}

/** Hash and facts of a written file; neither for one that was not written whole. */
async function lookAt(path: string, facts: FactsReader, sha512: string | null): Promise<Look> {
  if (!(await isFile(path))) return { sha512: null, facts: null };
  return {
    sha512,
    facts: await withRanges(path, async (ranges) => (ranges.size === 0 ? noFacts() : facts.read(ranges))),
  };
}
