/** One file of a parcel in a custody report: where it lies, what it is, and its hashes. */
import type { FileReport } from '../../shared/parcel/bag-report.ts';
import { claimedType } from './facts/kind.ts';
import type { Facts } from './facts/facts.ts';

export interface ReportItem {
  /** In the bag, as the source named it. */
  readonly path: string;
  /** Where it lies in the written bag when it could not keep its name; null otherwise. */
  readonly stored: string | null;
  readonly verdict: FileReport['verdict'];
  readonly size: number | null;
  /** The time that the source's machine gave the file: a claim. */
  readonly modified: string | null;
  readonly type: { readonly claimed: string | null; readonly detected: string | null };
  readonly sha256: string | null;
  /** Null until it was asked for, and for a file that was not written. */
  readonly sha512: string | null;
  /** Offset of its first byte in the plaintext stream, and the first and last part in which it lies. */
  readonly offset: number | null;
  readonly parts: readonly [number, number] | null;
  /** Null when it was not written, so that nothing could be looked into. */
  readonly metadata: Omit<Facts, 'detected'> | null;
  /** Nothing in a parcel is changed by the desk. What is made from it is another file with a report of its own. */
  readonly derivation: 'original';
}

/** What was found out about a file by reading it once more. */
export interface Look {
  readonly sha512: string | null;
  readonly facts: Facts | null;
}

/** Puts together what is known of a file. */
export function reportItem(
  file: FileReport,
  look: Look,
  { offset, partSize, stored }: { offset: number | null; partSize: number; stored: string | null },
): ReportItem {
  const { path, verdict, size, modified, sha256 } = file;
  const { detected = null, ...metadata } = look.facts ?? {};
  return {
    path,
    stored,
    verdict,
    size,
    modified: modified === null ? null : isoTime(modified),
    type: { claimed: claimedType(path), detected },
    sha256,
    sha512: look.sha512,
    offset,
    parts: offset === null || size === null ? null : partsOf(offset, size, partSize),
    metadata: look.facts === null ? null : (metadata as Omit<Facts, 'detected'>),
    derivation: 'original',
  };
}

function partsOf(offset: number, size: number, partSize: number): readonly [number, number] {
  return [Math.floor(offset / partSize), Math.floor((offset + Math.max(size, 1) - 1) / partSize)];
}

function isoTime(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
