/** What a page sees of a submission under way: its state, and the few things a person can do to it. No React, no effects. */
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { WorkState } from '../work/solve-work.ts';

/** A file the person chose, with the path it will have in the bag (already safe and distinct: shared/parcel/path.ts). */
export interface PickedFile {
  readonly path: string;
  readonly file: File;
}

/**
 * - `preparing`: keys are being derived, the parcel is being opened;
 * - `uploading`: bytes are going out;
 * - `paused`: the person said so;
 * - `waiting`: offline, or the server is away; goes on by itself;
 * - `held`: a file cannot be read and a decision is needed (`problem.path`);
 * - `sealing`: all bytes are there, the seal is being exchanged for the receipt;
 * - `received`: the receipt has been verified; the end;
 * - `refused`: the server or the card says no; final until restarted.
 */
export type UploadPhase =
  'preparing' | 'uploading' | 'paused' | 'waiting' | 'held' | 'sealing' | 'received' | 'refused';

export interface UploadState {
  readonly phase: UploadPhase;
  /** Bytes of padded plaintext that the server has acknowledged durably. */
  readonly acknowledged: number;
  /** Bytes of padded plaintext in all. */
  readonly total: number;
  /** Smoothed over the last half minute; null while unknown or standing still. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly problem: { readonly code: ProblemCode; readonly path?: string } | null;
  /** While `preparing`: how many files were looked at, before the first byte goes; null when that is over, or there are none. */
  readonly looking: { readonly done: number; readonly total: number } | null;
  /** While `preparing`: how far this computer is in working for its place, when very many want in; null otherwise. */
  readonly work: WorkState | null;
  /** Files recorded as incomplete so far, in list order. */
  readonly unreadable: readonly { readonly path: string }[];
  /** Files of a submission taken up again that are not what they were when their first bytes were sent; recorded as such. */
  readonly changed: readonly { readonly path: string }[];
  /** The receipt note, once `received`. */
  readonly receipt: string | null;
  /** The day (YYYY-MM-DD) the receipt states. */
  readonly receivedDay: string | null;
}

export interface Submission {
  /** Calls `listener` after each change of state; returns the way to unsubscribe. */
  subscribe(listener: () => void): () => void;
  /** The current state: the same object until something changes. */
  state(): UploadState;
  /** Stops sending, keeps what the server has. */
  pause(): void;
  /** Goes on after `pause`. */
  resume(): void;
  /** While `held`: what can no longer be read of this file becomes zeros, and the bag says so. */
  continueWithout(path: string): void;
  /** While `held`: the same for every file that cannot be read, this one and those to come. */
  continueWithoutAll(): void;
  /** While `held`: reads the file once more (its disk may be back). */
  tryAgain(): void;
  /**
   * While `held`: goes on with this file. False at once when its size or modification time differ; when what was already sent of it
   * turns out to differ, the state is `held` again, with `file-changed`.
   */
  replaceFile(path: string, file: File): boolean;
  /** Ends everything, workers included. */
  stop(): void;
}
