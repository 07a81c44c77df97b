/** What a command is: its usage, its options, and a function from those to an outcome. Nothing here prints. */
import type { Random } from '../../shared/bytes/random.ts';
import type { Progress } from '../terminal/progress.ts';

/** 0 good, 1 there is a finding to look at, 2 used wrongly, 3 cannot do it. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Asks the person a question; what is typed is hidden where the terminal can do that. Null: there is nobody to answer, or no more answer. */
export type Ask = (question: string, how: 'shown' | 'hidden') => Promise<string | null>;

/** The effects a command may have besides reading and writing files. */
export interface DeskContext {
  readonly now: () => Date;
  readonly random: Random;
  readonly progress: Progress;
  /** A line for the person that is no part of the result; stderr. Must be escaped already. */
  readonly warn: (line: string) => void;
  /** What is piped in, up to `most` bytes and one more, which tells that there is more. */
  readonly readInput: (most: number) => Promise<Uint8Array>;
  /** Fulfilled when the person wants what runs to end; from the first call on, Ctrl-C is no sudden death any more. */
  readonly untilInterrupted?: () => Promise<void>;
  /** What the file of this program is called, where it is one file; its words call it `desk`. */
  readonly calledAs?: string;
  /** Folder of the viewer's built page; the program's own unless said otherwise. */
  readonly viewerPage?: string;
  /** Absent: nobody is there to answer. */
  readonly ask?: Ask;
  /** A file whose first line is the passphrase of the key folder, instead of asking (`--passphrase-file`). */
  readonly passphraseFile?: string;
  /** Cost of a new passphrase, as a power of two; the default is that of stock age. */
  readonly passphraseWork?: number;
}

/** The result: `text` for people, `json` for `--json`. */
export interface Outcome {
  readonly exit: ExitCode;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Values of the options given, already of the right type. */
export interface Options {
  readonly operands: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  /** Those that may be given several times. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

export interface Command {
  /** How many operands it takes. */
  readonly operands: number;
  /** True when more operands than those may follow. */
  readonly more?: boolean;
  readonly flags: readonly string[];
  readonly values: readonly string[];
  /** Options with a value that may be given several times. */
  readonly lists?: readonly string[];
  /** Those of `values` that must be there. */
  readonly required: readonly string[];
  run(options: Options, context: DeskContext): Promise<Outcome>;
}
