/** Why the operator's program stops: a sentence, a hint at what helps, and the exit code that scripts see. */

/** 0 all is well; 1 there is something to look at; 2 wrong usage; 3 it cannot be done now; 130 stopped by the operator. */
export const EXIT = { good: 0, finding: 1, usage: 2, cannot: 3, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A short name for scripts (`--json`); it stays the same when the sentence is put better. */
export type HaltCode =
  'usage' | 'settings' | 'data' | 'database' | 'storage' | 'couriers' | 'backup' | 'log' | 'interrupted';

/** The end of a run, in words. */
export class Halt extends Error {
  override readonly name = 'Halt';
  readonly code: HaltCode;
  readonly hint: string | null;

  constructor(code: HaltCode, sentence: string, hint: string | null = null) {
    super(sentence);
    this.code = code;
    this.hint = hint;
  }

  get exit(): ExitCode {
    if (this.code === 'usage') return EXIT.usage;
    return this.code === 'interrupted' ? EXIT.interrupted : EXIT.cannot;
  }
}
