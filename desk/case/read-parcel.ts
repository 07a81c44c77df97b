/** Reads a parcel from end to end: parts opened in parallel, their plaintext in order through the tar reader and the bag check, and on to a sink. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { createBagCheck } from '../../shared/parcel/bag-check.ts';
import type { BagReport } from '../../shared/parcel/bag-report.ts';
import { partRange } from '../../shared/parcel/parts.ts';
import { createTarReader } from '../../shared/parcel/tar-reader.ts';
import type { TarEvent } from '../../shared/parcel/tar-reader.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import type { Problem } from '../../shared/problem/problem.ts';
import { maxPartCiphertext } from '../../shared/protocol/limits.ts';
import { partName } from '../../shared/protocol/part-name.ts';
import { openedParts } from '../../shared/statements/opening.ts';
import type { Bar } from '../terminal/progress.ts';
import { createBadParts } from './bad-parts.ts';
import type { FindForeign } from './bad-parts.ts';
import type { FindingCode, Findings, Ranges } from './findings.ts';
import type { PartPool, PartTask } from './part-pool.ts';
import { createRanges } from './ranges.ts';
import type { Statements } from './statements.ts';

/** Where the files go. */
export interface Sink {
  /** Takes an event; the bytes of a `data` event stay as they are until what `settled` gives is fulfilled. */
  take(event: TarEvent): void;
  /** Fulfilled when everything taken so far has been written; rejected with a Failure when that cannot be. */
  settled(): Promise<void>;
}

/** What reading showed, besides the findings. */
export interface Reading {
  /** Null when the archive was refused. */
  readonly bag: BagReport | null;
  readonly gapped: boolean;
  readonly parts: { readonly total: number; readonly good: number; readonly unsent: Ranges; readonly lost: Ranges };
  /** Bytes of the padded stream, and how many of them could not be read. */
  readonly bytes: { readonly total: number; readonly lost: number };
}

const ARCHIVE_FINDINGS: Readonly<Record<string, FindingCode>> = {
  'bag-damaged': 'archive-not-a-bag',
  'limit-exceeded': 'archive-too-many-files',
  'path-unsafe': 'archive-path-unsafe',
  'tar-damaged': 'archive-damaged',
  'tar-entry-refused': 'archive-entry-refused',
  'tar-too-large': 'archive-too-large',
  'tar-too-many-files': 'archive-too-many-files',
};

/** Reads all parts that have a statement. Findings about parts and archive are added; those about files are for the caller to make of `bag`. */
export async function readParcel(input: {
  statements: Statements;
  folder: string;
  pool: PartPool;
  sink: Sink | null;
  findForeign: FindForeign;
  findings: Findings;
  bar: Bar;
}): Promise<Reading> {
  const { statements, folder, pool, sink, findings, bar } = input;
  const { opening, parts } = statements;
  const reader = createTarReader({ parcel: opening.parcel, limits: { streamSize: opening.size } });
  const check = createBagCheck({
    parcel: opening.parcel,
    sender: toBase64Url(opening.mailbox),
    createHash: () => createHash('sha256'),
  });
  const badParts = createBadParts();
  const unsent = createRanges();
  const lost = createRanges();
  const total = openedParts(opening);
  let lostBytes = 0;
  let refused = false;
  const writing: { failed: Error | null } = { failed: null };

  const feed = (events: Iterable<TarEvent>): void => {
    try {
      for (const event of events) {
        // Writing goes on in other threads while this one hashes.
        sink?.take(event);
        check.take(event);
      }
    } catch (error) {
      const code = isProblem(error) ? ARCHIVE_FINDINGS[error.code] : undefined;
      if (!isProblem(error) || code === undefined) throw error;
      findings.add(code, { reason: reasonOf(error) });
      refused = true;
    }
  };
  const lose = (part: number): void => {
    const { from, to } = partRange(part, opening.size, opening.partSize);
    lost.add(part);
    lostBytes += to - from;
  };

  for (let part = 0; part < total; part++) if (!parts.has(part)) unsent.add(part);
  let next = 0;
  for await (const { task, verdict, plaintext, release } of pool.open(
    tasksOf(statements, folder),
    Math.min(opening.partSize, opening.size),
  )) {
    for (; next < task.part; next++) lose(next);
    next = task.part + 1;
    badParts.add(task.part, verdict);
    const { from, to } = partRange(task.part, opening.size, opening.partSize);
    if (verdict.kind !== 'plaintext') lose(task.part);
    else if (!refused) feed(reader.push(from, plaintext));
    if (sink === null) release();
    else {
      void sink.settled().then(release, (error: unknown) => {
        writing.failed ??= error instanceof Error ? error : new Error('write');
        release();
      });
    }
    if (writing.failed !== null) throw writing.failed;
    bar.update(to);
  }
  for (; next < total; next++) lose(next);
  if (!refused) feed(reader.finish());
  await sink?.settled();
  await badParts.tell(parts, input.findForeign, findings);
  const gapped = lost.count() > 0;
  return {
    bag: refused ? null : check.finish(gapped),
    gapped,
    parts: { total, good: badParts.counts().good, unsent: unsent.list(), lost: lost.list() },
    bytes: { total: opening.size, lost: lostBytes },
  };
}

/** The tar reader's word for what it refused; the type of an entry as the character that stands in its header. */
function reasonOf({ detail }: Problem): string {
  const type = detail['type'];
  return typeof type === 'number' ? `type ${String.fromCharCode(type)}` : String(detail['reason'] ?? '');
}

function* tasksOf({ opening, parts }: Statements, folder: string): Generator<PartTask, void, undefined> {
  for (const part of [...parts.keys()].toSorted((a, b) => a - b)) {
    const { size, sha256 } = parts.get(part)!;
    const { from, to } = partRange(part, opening.size, opening.partSize);
    yield {
      part,
      path: join(folder, partName(part)),
      size,
      sha256,
      plaintextSize: to - from,
      maxSize: maxPartCiphertext(opening.partSize),
    };
  }
}
