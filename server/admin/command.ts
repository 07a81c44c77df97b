/** What a command of the operator's is: its options, and a function from those to an outcome. */
import type { Effects } from './effects.ts';

/** Values of the options given. */
export interface Options {
  readonly operands: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  /** True when the result is to be one JSON document: nothing else goes to standard output then. */
  readonly json: boolean;
}

export interface Outcome {
  /** True when there is something to look at: exit code 1. */
  readonly finding: boolean;
  /** The result in words, lines for standard output. */
  readonly words: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Command {
  /** Fewest and most operands. */
  readonly operands: readonly [least: number, most: number];
  /** Options without a value. */
  readonly flags: readonly string[];
  /** Options with one. */
  readonly values: readonly string[];
  run(options: Options, effects: Effects): Promise<Outcome>;
}
