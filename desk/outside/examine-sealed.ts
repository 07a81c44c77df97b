/** The examination of a parcel without any key: every signature, every hash, the seal and the receipt. What the parts hold stays unknown. */
import { join } from 'node:path';
import { maxPartCiphertext } from '../../shared/protocol/limits.ts';
import { parsePartName, partName } from '../../shared/protocol/part-name.ts';
import { openedParts } from '../../shared/statements/opening.ts';
import { createBadParts } from '../case/bad-parts.ts';
import { parcelFiles, parcelFolder, readEnvelopeText } from '../case/bundle.ts';
import type { Bundle } from '../case/bundle.ts';
import { createFindings } from '../case/findings.ts';
import type { Findings, Ranges } from '../case/findings.ts';
import { createForeignSearch } from '../case/foreign-parts.ts';
import { createRanges } from '../case/ranges.ts';
import { checkStatements } from '../case/statements.ts';
import type { Statements } from '../case/statements.ts';
import { FINDINGS } from '../finding-sentences.ts';
import type { Progress } from '../terminal/progress.ts';
import type { HashVerdict, StatedPart } from './hash-part.ts';
import type { HashPool } from './hash-pool.ts';

/**
 * - `as-sealed`: every part is here, as the source signed and sealed it.
 * - `unfinished`: what is here is as the source signed it, and not all of it is here or sealed.
 * - `damaged`: something is not as its signature says.
 */
export type SealedState = 'as-sealed' | 'unfinished' | 'damaged';

export interface SealedExamination {
  readonly parcel: string;
  readonly state: SealedState;
  readonly statements: Statements | null;
  readonly parts: { readonly total: number; readonly good: number; readonly unsent: Ranges } | null;
  /** Bytes of ciphertext that the statements speak of. */
  readonly bytes: number;
  readonly findings: Findings;
}

/** Examines a parcel of the bundle. */
export async function examineSealed(
  parcel: string,
  {
    bundle,
    receiptKeys,
    pool,
    progress,
  }: {
    bundle: Bundle;
    receiptKeys: readonly Uint8Array[];
    pool: HashPool;
    progress: Progress;
  },
): Promise<SealedExamination> {
  const findings = createFindings();
  const folder = parcelFolder(bundle, parcel);
  const statements = await checkStatements(parcel, await readEnvelopeText(folder), receiptKeys, findings);
  if (statements === null) return { parcel, state: 'damaged', statements, parts: null, bytes: 0, findings };
  for (const name of await parcelFiles(folder)) {
    const part = parsePartName(name);
    if (part !== null && !statements.parts.has(part)) findings.add('part-without-statement', { part });
    else if (part === null && name !== 'envelope.json') findings.add('file-unexpected', { path: name });
  }
  const stated = statedParts(statements, folder);
  const bytes = stated.reduce((sum, { size }) => sum + size, 0);
  const verdicts = await hashAll(stated, pool, progress.start(parcel.slice(0, 8), bytes));
  const bad = createBadParts();
  let good = 0;
  for (const { part } of stated) {
    const verdict = verdicts.get(part)!;
    if (verdict.kind === 'stated') good++;
    else bad.add(part, verdict);
  }
  await bad.tell(statements.parts, createForeignSearch(bundle, parcel), findings);
  const unsent = createRanges();
  const total = openedParts(statements.opening);
  for (let part = 0; part < total; part++) if (!statements.parts.has(part)) unsent.add(part);
  if (unsent.count() > 0) findings.add('parts-unsent', { ranges: unsent.list() });
  else if (!statements.sealed) findings.add('unsealed');
  return {
    parcel,
    state: stateOf(findings),
    statements,
    parts: { total, good, unsent: unsent.list() },
    bytes,
    findings,
  };
}

/** In rising order of part. */
function statedParts({ opening, parts }: Statements, folder: string): StatedPart[] {
  const maxSize = maxPartCiphertext(opening.partSize);
  return [...parts.values()]
    .toSorted((a, b) => a.part - b.part)
    .map(({ part, size, sha256 }) => ({ part, path: join(folder, partName(part)), size, sha256, maxSize }));
}

async function hashAll(
  stated: readonly StatedPart[],
  pool: HashPool,
  bar: ReturnType<Progress['start']>,
): Promise<ReadonlyMap<number, HashVerdict>> {
  const sizes = new Map(stated.map(({ part, size }) => [part, size]));
  const verdicts = new Map<number, HashVerdict>();
  let done = 0;
  try {
    await pool.hash(stated, ({ part, verdict }) => {
      verdicts.set(part, verdict);
      bar.update((done += sizes.get(part)!));
    });
  } finally {
    bar.end();
  }
  return verdicts;
}

function stateOf(findings: Findings): SealedState {
  const kinds = new Set(findings.list().map(({ code }) => FINDINGS[code].kind));
  if (kinds.has('damage')) return 'damaged';
  return kinds.has('unfinished') ? 'unfinished' : 'as-sealed';
}
