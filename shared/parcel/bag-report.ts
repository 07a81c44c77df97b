/** What a check of a bag finds out, in shapes that can be printed or written as JSON. */
import type { BagInfo } from './bag.ts';

/**
 * What is known of one payload file:
 * - `whole`: all of it is here, as the manifest says, and the sender's browser had read all of it.
 * - `source-could-not-read`: all bytes are as the manifest says, but the sender's browser lost the file while reading; its rest is zeros.
 * - `source-changed`: all bytes are as the manifest says, but the file changed between two sendings: they are not one version of it.
 * - `differs`: all of it is here, but it is not what the manifest says.
 * - `not-listed`: all of it is here, but the manifest does not know it.
 * - `arrived`: all of it is here, and its line of the manifest or of the payload status is not (an unfinished parcel).
 * - `incomplete`: a part of it is missing from the stream.
 * - `missing`: the manifest lists it, and nothing of it is here.
 */
export type Verdict =
  | 'whole'
  | 'source-could-not-read'
  | 'source-changed'
  | 'differs'
  | 'not-listed'
  | 'arrived'
  | 'incomplete'
  | 'missing';

/** One payload file. `path` is within the bag (`data/…`); `modified` in milliseconds since 1970; null is what a missing file does not tell. */
export interface FileReport {
  readonly path: string;
  readonly verdict: Verdict;
  readonly size: number | null;
  readonly modified: number | null;
  /** Lower-case hexadecimal SHA-256 of what is here; null when not all of it is. */
  readonly sha256: string | null;
}

/** What is wrong with the bag apart from its payload files. `file` is the tag file concerned. */
export type BagFinding =
  | { readonly kind: 'tag-missing' | 'tag-incomplete' | 'tag-malformed' | 'tag-differs'; readonly file: string }
  | { readonly kind: 'oxum-differs' | 'parcel-differs' | 'sender-differs' | 'empty'; readonly file: 'bag-info.txt' };

/** The outcome for the whole bag. */
export interface BagReport {
  /** A complete and valid bag in the words of RFC 8493 §3. Files that the source could not read to their end, or that changed, do not make it invalid. */
  readonly valid: boolean;
  /** What `bag-info.txt` says; null when it is not here or malformed. */
  readonly info: BagInfo | null;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly findings: readonly BagFinding[];
  /** Every payload file: those that are here in the order of the archive, then the missing ones. Made as it is drawn. */
  files(): Generator<FileReport, void, undefined>;
}
