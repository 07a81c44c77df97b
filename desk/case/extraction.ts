/** Writing one parcel to OUT/<parcel>: into a folder beside it, which takes the parcel's name only when all is done. */
import { lstat, mkdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileReport } from '../../shared/parcel/bag-report.ts';
import { replaceFile, syncFolder, writeNew } from '../durable.ts';
import { Failure, systemCode } from '../failure.ts';
import { isAlive, ownerIn } from '../process-lock.ts';
import { OWN_FOLDER, placeFailure } from '../writing-to.ts';
import { createBagWriter } from './bag-writer.ts';
import { examineParcel } from './examine.ts';
import type { Examination } from './examine.ts';
import type { Bundle } from './bundle.ts';
import { flushTree } from './flush.ts';
import type { WrittenBag } from './written-bag.ts';
import { createOutTree } from './out-tree.ts';
import { createSha512Sink } from './sha512-sink.ts';
import type { PartPool } from './part-pool.ts';
import type { Sink } from './read-parcel.ts';
import type { Progress } from '../terminal/progress.ts';
import { examinationJson } from './report.ts';

/** Files that are named in the report because they are not whole; the rest are counted. */
const FILES_NAMED = 10_000;
/** Room that a disk must have beyond the parcel itself. */
const ROOM_BESIDES = 64 * 1024 * 1024;

/** Where things were written: `folder` is null when no file came out. */
export interface Extracted {
  readonly examination: Examination;
  readonly folder: string | null;
  readonly report: string;
}

/** Examines a parcel and writes its whole files. Failures `out-exists`, `out-full`, `out-unwritable`, `extract-running`. */
export async function extractParcel(
  parcel: string,
  input: {
    bundle: Bundle;
    receiptKeys: readonly Uint8Array[];
    pool: PartPool;
    progress: Progress;
    out: string;
    partial: boolean;
    /** Also computes SHA-512 of every file on the way, which takes longer than all else. */
    sha512?: boolean;
    /** Puts beside the files what tells of them, before the bag gets its name. */
    complete?: (bag: WrittenBag) => Promise<void>;
    /** Paths in the bag of the files that are wanted; left out, it is the whole bag. */
    only?: ReadonlySet<string>;
  },
): Promise<Extracted> {
  const { out, partial, only } = input;
  const name = only === undefined ? parcel : await freeName(out, parcel);
  const folder = join(out, name);
  const draft = join(out, `${name}.partial`);
  if (await exists(folder)) throw new Failure('out-exists', { path: folder });
  const bag = await startDraft(draft);
  const notWhole: FileReport[] = [];
  const tree = createOutTree(bag);
  const writer = createBagWriter(tree, { out, keepIncomplete: partial });
  const sha512 = input.sha512 === true ? createSha512Sink() : null;
  const offsets = new Map<string, number>();
  try {
    const examination = await examineParcel(parcel, {
      ...input,
      openSink: async ({ opening, parts }) => {
        await checkRoom(out, Math.min(opening.size, parts.size * opening.partSize));
        const noted: Sink = {
          ...writer,
          take(event) {
            if (event.kind === 'entry') offsets.set(event.entry.path, event.entry.start);
            writer.take(event);
            sha512?.take(event);
          },
          async settled() {
            await Promise.all([writer.settled(), sha512?.settled()]);
          },
        };
        return only === undefined ? noted : onlyFiles(noted, only);
      },
      eachFile: (file) => {
        if (only !== undefined && !only.has(file.path)) return;
        if (file.verdict !== 'whole' && file.verdict !== 'arrived' && notWhole.length < FILES_NAMED)
          notWhole.push(file);
        if (file.verdict !== 'differs' && file.verdict !== 'not-listed') return;
        if (partial) tree.mark(file.path, '.differs');
        else tree.remove(file.path);
      },
    });
    if (!partial) refuseFailingMedium(examination);
    for (const { path, stored } of tree.renamed()) examination.findings.add('file-renamed', { path, stored });
    const written = writer.count() > 0;
    const report = join(out, `${name}.report.json`);
    const text = JSON.stringify(
      { ...examinationJson(examination), folder: written ? name : null, notWhole, renamed: tree.renamed() },
      null,
      2,
    );
    if (written)
      await input.complete?.({
        folder: bag,
        examination,
        renamed: tree.renamed(),
        offsets,
        sha512: sha512?.hashes() ?? new Map(),
      });
    if (written) await flushTree(bag);
    await replaceFile(report, `${text}\n`);
    if (written) await rename(bag, folder);
    await syncFolder(out);
    return { examination, folder: written ? folder : null, report };
  } catch (error) {
    throw placeFailure(out, error, OWN_FOLDER);
  } finally {
    await writer.abandon();
    await sha512?.close();
    await rm(draft, { recursive: true, force: true });
  }
}

/** What a failing medium withheld is not missing: a bag without it must not take the place of the whole one. */
function refuseFailingMedium({ parcel, findings }: Examination): void {
  const found = findings.list().find(({ code }) => code === 'part-medium');
  if (found !== undefined) throw new Failure('medium-parts', { parcel, reason: String(found.values['reason']) });
}

/** Passes on what belongs to the files of these paths. */
function onlyFiles(sink: Sink, paths: ReadonlySet<string>): Sink {
  return {
    take(event) {
      if (paths.has(event.entry.path)) sink.take(event);
    },
    settled: () => sink.settled(),
  };
}

/** A name for chosen files of a parcel that is not taken in `out`: no bag, so that it is not taken for one. */
async function freeName(out: string, parcel: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = `${parcel}-files-${number}`;
    if (!(await exists(join(out, name)))) return name;
  }
}

/** Makes the folder to write in, after clearing away what an interrupted run has left. Its path comes back. */
async function startDraft(draft: string): Promise<string> {
  const pid = await ownerIn(join(draft, 'process'));
  if (pid !== null && pid !== process.pid && isAlive(pid)) throw new Failure('extract-running', { pid, path: draft });
  try {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    await writeNew(join(draft, 'process'), `${process.pid}\n`);
    const bag = join(draft, 'bag');
    await mkdir(bag, { mode: 0o700 });
    return bag;
  } catch (error) {
    throw new Failure('out-unwritable', { path: draft, reason: systemCode(error) ?? 'unknown' });
  }
}

async function checkRoom(out: string, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(out);
  if (bavail * bsize < size + ROOM_BESIDES) throw new Failure('out-full', { path: out });
}

/** What an earlier run said of a parcel that lies in `out` already; null when there is no such parcel. */
export async function earlierOutcome(
  parcel: string,
  out: string,
): Promise<{ readonly folder: string; readonly complete: boolean } | null> {
  const folder = join(out, parcel);
  if (!(await exists(folder))) return null;
  try {
    const report: unknown = JSON.parse(await readFile(join(out, `${parcel}.report.json`), 'utf8'));
    const complete = typeof report === 'object' && report !== null && 'state' in report && report.state === 'complete';
    return { folder, complete };
  } catch {
    return { folder, complete: false };
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ENOENT';
  }
}
