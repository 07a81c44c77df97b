/** What a page sees of an unfinished submission that is to be taken up again, while its files are being chosen once more. No React, no effects. */
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { PickedFile, Submission } from './submission-types.ts';

export interface ResumptionState {
  /** How many of its files were found among the chosen ones. */
  readonly matched: number;
  /** How many were not found yet: `files` without `matched`. */
  readonly lacking: number;
  /** Chosen files that are being looked at, and how many of them are done; null when there is nothing to look at. */
  readonly looking: { readonly done: number; readonly total: number } | null;
  /** Chosen files, by the path given, that do not belong to it or have changed since; a file chosen twice is none. */
  readonly strangers: readonly string[];
  /** Chosen files that cannot be read. */
  readonly unreadable: readonly string[];
  /** The files not found yet, by name: null until so many are found that the names of the others can be read, and then in list order. */
  readonly missing: readonly { readonly path: string; readonly size: number }[] | null;
  /** True when `start` may be called: at once if nothing is lacking; otherwise going on means going on without the missing ones. */
  readonly canStart: boolean;
  /** It cannot be taken up, whatever is chosen (its words were not safe yet, say): to be withdrawn and sent anew. */
  readonly refusal: ProblemCode | null;
}

export interface Resumption {
  readonly parcel: string;
  /** Its files, without the message. */
  readonly files: number;
  /** Bytes of it in all, and those that the server has: of padded plaintext, as `UploadState` counts them. */
  readonly total: number;
  readonly safe: number;
  /** Calls `listener` after each change of state; returns the way to unsubscribe. */
  subscribe(listener: () => void): () => void;
  /** The current state: the same object until something changes. */
  state(): ResumptionState;
  /** Looks at more chosen files: in pieces, in any order, from any folder. Resolves when they were looked at; the state tells of it meanwhile. Never rejects. */
  add(files: readonly PickedFile[]): Promise<void>;
  /** Goes on, without the files that are missing still. Only when the state says `canStart`, and once. */
  start(): Submission;
  /** Looks at nothing more, and lets go of everything; not for after `start`. */
  stop(): void;
}
