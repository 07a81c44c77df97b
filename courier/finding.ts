/** Something to look at that does not stop the run: a code for scripts and one sentence for people. */
import type { ProblemCode } from '../shared/problem/codes.ts';

/** Besides the codes of the table: a reply that is not all there, files that are none or cannot be read, a bundle of other people. */
export type FindingCode = ProblemCode | 'half-copied' | 'not-a-file' | 'other-organisation' | 'unreadable';

export interface Finding {
  readonly code: FindingCode;
  readonly message: string;
}
