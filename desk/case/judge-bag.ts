/** What the check of a bag means: damage, the mere consequence of missing parts, or something that the source's own browser noted down. */
import type { BagReport, FileReport } from '../../shared/parcel/bag-report.ts';
import type { Findings } from './findings.ts';

/** How the payload files fared. */
export interface FileTally {
  /** Files that bag-info.txt announces; null when that is not here. */
  readonly announced: number | null;
  readonly whole: number;
  readonly cutBySource: number;
  readonly changedAtSource: number;
  readonly incomplete: number;
  /** Listed in the manifest or announced, and nothing of them here. */
  readonly absent: number;
  readonly bad: number;
}

/** Turns a bag report into findings. `gapped`: parts are missing or bad, so that gaps are no fault of the bag's own. */
export function judgeBag(
  bag: BagReport,
  gapped: boolean,
  findings: Findings,
  eachFile: (file: FileReport) => void = () => undefined,
): FileTally {
  const { counts, info } = bag;
  for (const file of bag.files()) {
    const { path, verdict } = file;
    if (verdict === 'differs') findings.add('file-differs', { path });
    else if (verdict === 'not-listed') findings.add('file-not-listed', { path });
    else if (verdict === 'source-could-not-read') findings.add('file-cut-by-source', { path });
    else if (verdict === 'source-changed') findings.add('file-changed-at-source', { path });
    else if (verdict === 'incomplete') findings.add('file-incomplete', { path });
    else if (verdict === 'missing') findings.add(gapped ? 'file-absent' : 'file-missing', { path });
    eachFile(file);
  }
  for (const { kind, file } of bag.findings) {
    if (gapped && (kind === 'tag-missing' || kind === 'tag-incomplete')) continue;
    findings.add(kind === 'empty' ? 'bag-empty' : `bag-${kind}`, { path: file });
  }
  const here =
    counts.whole +
    counts.arrived +
    counts['source-could-not-read'] +
    counts['source-changed'] +
    counts.differs +
    counts['not-listed'] +
    counts.incomplete;
  const named = here + counts.missing;
  const unnamed = gapped && info !== null ? Math.max(0, info.payloadFiles - named) : 0;
  if (unnamed > 0) findings.add('files-unknown', { count: unnamed });
  if (gapped && info === null) findings.add('number-unknown');
  return {
    announced: info?.payloadFiles ?? null,
    whole: counts.whole + counts.arrived,
    cutBySource: counts['source-could-not-read'],
    changedAtSource: counts['source-changed'],
    incomplete: counts.incomplete,
    absent: counts.missing + unnamed,
    bad: counts.differs + counts['not-listed'],
  };
}
