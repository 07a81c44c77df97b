/** What the listeners tell of their requests, so that figures can be made of it. */
import type { ProblemCode } from '../../shared/problem/codes.ts';

export interface Answered {
  /** The pattern, never the address. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  /** The problem that it was answered with, if any. */
  readonly problem: ProblemCode | null;
}

export interface Traffic {
  began(): void;
  /** Once for each that began: when it was answered or broke off. */
  ended(): void;
  answered(what: Answered): void;
}

/** For a listener of which no figures are made. */
export const UNWATCHED: Traffic = { began: () => undefined, ended: () => undefined, answered: () => undefined };
