/** What is known of a bag that was just written, for those who put more beside it. */
import type { Examination } from './examine.ts';
import type { Renamed } from './out-tree.ts';

/** A bag in its folder, not yet under its name. */
export interface WrittenBag {
  readonly folder: string;
  readonly examination: Examination;
  readonly renamed: readonly Renamed[];
  /** Where each payload file begins in the plaintext stream, by its path. */
  readonly offsets: ReadonlyMap<string, number>;
  /** SHA-512 (hex) of each payload file that came whole, by its path; empty when it was not asked for. */
  readonly sha512: ReadonlyMap<string, string>;
}
