/** The whole examination of one parcel: statements, parts, archive and bag, and the one word that sums it up. */
import type { FileReport } from '../../shared/parcel/bag-report.ts';
import { FINDINGS } from '../finding-sentences.ts';
import type { Progress } from '../terminal/progress.ts';
import { parcelFiles, parcelFolder, readEnvelopeText } from './bundle.ts';
import type { Bundle } from './bundle.ts';
import { judgeBag } from './judge-bag.ts';
import type { FileTally } from './judge-bag.ts';
import { createFindings } from './findings.ts';
import type { Findings } from './findings.ts';
import { createForeignSearch } from './foreign-parts.ts';
import { checkStillThere } from './medium.ts';
import type { PartPool } from './part-pool.ts';
import { readParcel } from './read-parcel.ts';
import type { Reading, Sink } from './read-parcel.ts';
import { checkStatements } from './statements.ts';
import type { Statements } from './statements.ts';
import { parsePartName } from '../../shared/protocol/part-name.ts';

/**
 * - `complete`: sealed by the sender, every part and file proved.
 * - `unfinished`: what is here is good, and not all of it is here.
 * - `damaged`: something is not as its statement, seal or manifest says.
 * - `not-for-us`: encrypted to keys that are not in the key folder.
 */
export type ParcelState = 'complete' | 'unfinished' | 'damaged' | 'not-for-us';

/** Everything found out about a parcel. */
export interface Examination {
  readonly parcel: string;
  readonly state: ParcelState;
  readonly statements: Statements | null;
  readonly reading: Reading | null;
  readonly files: FileTally | null;
  readonly findings: Findings;
}

/** Examines a parcel of the bundle; with a sink its files are written on the way. */
export async function examineParcel(
  parcel: string,
  input: {
    bundle: Bundle;
    receiptKeys: readonly Uint8Array[];
    pool: PartPool;
    progress: Progress;
    /** Told the statements first, so that it can refuse a parcel that will not fit. */
    openSink: (statements: Statements) => Promise<Sink | null>;
    eachFile?: (file: FileReport) => void;
  },
): Promise<Examination> {
  const { bundle, receiptKeys, pool, progress, openSink } = input;
  const findings = createFindings();
  const folder = parcelFolder(bundle, parcel);
  const statements = await checkStatements(parcel, await readEnvelopeText(folder), receiptKeys, findings);
  if (statements === null) {
    if (findings.has('envelope-missing')) await checkStillThere(bundle.folder);
    return { parcel, state: 'damaged', statements, reading: null, files: null, findings };
  }
  for (const name of await filesOf(bundle, folder)) {
    const part = parsePartName(name);
    if (part !== null && !statements.parts.has(part)) findings.add('part-without-statement', { part });
    else if (part === null && name !== 'envelope.json') findings.add('file-unexpected', { path: name });
  }
  const sink = await openSink(statements);
  const bar = progress.start(parcel.slice(0, 8), statements.opening.size);
  let reading: Reading;
  try {
    const findForeign = createForeignSearch(bundle, parcel);
    reading = await readParcel({ statements, folder, pool, sink, findForeign, findings, bar });
  } finally {
    bar.end();
  }
  if (findings.has('parts-missing')) await checkStillThere(bundle.folder);
  if (reading.parts.unsent.length > 0) findings.add('parts-unsent', { ranges: reading.parts.unsent });
  if (!statements.sealed && reading.parts.unsent.length === 0) findings.add('unsealed');
  const files =
    reading.bag === null || reading.parts.good === 0
      ? null
      : judgeBag(reading.bag, reading.gapped, findings, input.eachFile);
  return { parcel, state: stateOf(findings), statements, reading, files, findings };
}

/** Names in a parcel's folder, which was there a moment ago. */
async function filesOf(bundle: Bundle, folder: string): Promise<readonly string[]> {
  try {
    return await parcelFiles(folder);
  } catch (error) {
    await checkStillThere(bundle.folder);
    throw error;
  }
}

function stateOf(findings: Findings): ParcelState {
  const codes = findings.list().map(({ code }) => code);
  const foreign = codes.some((code) => FINDINGS[code].kind === 'foreign');
  // What is another organisation's has its receipt too, by a key that no card of ours names: that is no damage.
  const telling = codes.filter((code) => !(foreign && code === 'receipt-signature-wrong'));
  const kinds = new Set(telling.map((code) => FINDINGS[code].kind));
  if (kinds.has('damage')) return 'damaged';
  if (kinds.has('foreign')) return 'not-for-us';
  return kinds.has('unfinished') ? 'unfinished' : 'complete';
}

/** True when a person must look at it; remarks alone need nobody. */
export function needsLook(findings: Findings): boolean {
  return findings.list().some(({ code }) => FINDINGS[code].kind !== 'remark');
}
