/** The state of a submission as the page sees it, made from what the engine knows. No effects but telling the listeners. */
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { WorkState } from '../work/solve-work.ts';
import type { Pace } from './progress.ts';
import type { UploadPhase, UploadState } from './submission-types.ts';

/** What the engine knows; the phase follows from it. */
export interface Facts {
  /** Bytes of the padded stream. */
  readonly total: number;
  readonly acknowledged: number;
  readonly pace: Pace;
  /** Where in its course it is. */
  readonly stage: 'preparing' | 'uploading' | 'sealing' | 'received' | 'refused';
  readonly paused: boolean;
  /** No exchange with the server gets through; what it says of that, if anything. */
  readonly away: boolean;
  readonly awayCode: ProblemCode | null;
  /** A file that cannot be read and waits for a decision. */
  readonly held: { readonly code: ProblemCode; readonly path: string } | null;
  /** Why it was refused. */
  readonly refusal: ProblemCode | null;
  readonly looking: { readonly done: number; readonly total: number } | null;
  /** This computer works for its place. */
  readonly work: WorkState | null;
  readonly unreadable: readonly { readonly path: string }[];
  readonly changed: readonly { readonly path: string }[];
  readonly receipt: string | null;
  readonly receivedDay: string | null;
}

export const NO_PACE: Pace = { bytesPerSecond: null, secondsLeft: null };

export const FIRST_FACTS: Facts = {
  total: 0,
  acknowledged: 0,
  pace: NO_PACE,
  stage: 'preparing',
  paused: false,
  away: false,
  awayCode: null,
  held: null,
  refusal: null,
  looking: null,
  work: null,
  unreadable: [],
  changed: [],
  receipt: null,
  receivedDay: null,
};

/** The state that follows from the facts. */
export function stateOf(facts: Facts): UploadState {
  const { acknowledged, total, pace, looking, work, unreadable, changed, receipt, receivedDay } = facts;
  const phase = phaseOf(facts);
  const problem = problemOf(facts, phase);
  return { phase, acknowledged, total, ...pace, problem, looking, work, unreadable, changed, receipt, receivedDay };
}

/** The end comes before all; then what only the person can change; then what changes by itself. */
function phaseOf({ stage, paused, held, away }: Facts): UploadPhase {
  if (stage === 'received' || stage === 'refused') return stage;
  if (paused) return 'paused';
  if (held !== null) return 'held';
  return away ? 'waiting' : stage;
}

function problemOf(facts: Facts, phase: UploadPhase): UploadState['problem'] {
  if (phase === 'refused') return { code: facts.refusal ?? 'internal' };
  if (phase === 'held') return facts.held;
  return phase === 'waiting' && facts.awayCode !== null ? { code: facts.awayCode } : null;
}

/** See {@link createStateStore}. */
export interface StateStore {
  readonly facts: () => Facts;
  readonly state: () => UploadState;
  change(changes: Partial<Facts>): void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Holds the facts; listeners are called when the state differs. */
export function createStateStore(): StateStore {
  const listeners = new Set<() => void>();
  let facts = FIRST_FACTS;
  let state = stateOf(facts);
  return {
    facts: () => facts,
    state: () => state,
    change(changes) {
      facts = { ...facts, ...changes };
      const next = stateOf(facts);
      if (isSame(state, next)) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function isSame(one: UploadState, other: UploadState): boolean {
  const sameProblem = one.problem?.code === other.problem?.code && one.problem?.path === other.problem?.path;
  return (
    sameProblem &&
    (Object.keys(one) as (keyof UploadState)[]).every((key) => key === 'problem' || one[key] === other[key])
  );
}
