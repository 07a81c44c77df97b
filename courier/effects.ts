/** What the courier needs from the machine around it, by parameter: terminal, clock, randomness, waiting, and being told to stop. */
import type { Random } from '../shared/bytes/random.ts';

export interface Terminal {
  /** Results: one line to standard output. */
  out(line: string): void;
  /** Everything else: raw text to standard error. */
  err(text: string): void;
  /** True when standard error is a terminal that a progress bar may be drawn on. */
  readonly interactive: boolean;
  readonly columns: number;
  /** Puts a question and gives the line that is typed; null where nobody can answer. */
  ask(question: string, signal: AbortSignal): Promise<string | null>;
}

export interface Effects {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly now: () => Date;
  readonly random: Random;
  /** Resolves after `ms`, or rejects at once when `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborted when the person asks to stop. */
  readonly signal: AbortSignal;
}
