/** What the operator's program needs of the machine around it, by parameter. */
import type { Random } from '../../shared/bytes/random.ts';

export interface Terminal {
  /** Results: one line to standard output. */
  out(line: string): void;
  /** Everything else: raw text to standard error. */
  err(text: string): void;
  /** True when standard error is a terminal, on which a line may be written over. */
  readonly interactive: boolean;
}

export interface Effects {
  /** Settings, those of the server. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly projectFolder: string;
  readonly terminal: Terminal;
  readonly now: () => Date;
  /** Milliseconds, only ever rising. */
  readonly clock: () => number;
  readonly random: Random;
  /** Resolves after `ms`, or rejects at once when `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborted when the operator asks to stop. */
  readonly signal: AbortSignal;
}
