/** Why the courier stops: a sentence for the person at the terminal, a hint at what helps, and the exit code that scripts see. */

/** 0 all is well; 1 something does not match what was signed, or is not there; 2 wrong usage; 3 it cannot be done now; 130 stopped by the person. */
export const EXIT = { good: 0, finding: 1, usage: 2, cannot: 3, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A short name for scripts (`--json`); it stays the same when the sentence is put better. */
export type HaltCode =
  | 'usage'
  | 'key-file'
  | 'bundle'
  | 'bundle-in-use'
  | 'card-missing'
  | 'log-missing'
  | 'answer'
  | 'disk-full'
  | 'disk'
  | 'server-away'
  | 'server-strange'
  | 'sign-in-refused'
  | 'parcel-unknown'
  | 'interrupted';

/** The end of a run, in words. Nothing that was done is lost by it. */
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

/** Turns an error of the file system into a Halt that says which file and why; any other error is given back as it is. */
export function diskTrouble(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof Halt) return error;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Halt(
        'disk-full',
        `The disk that holds ${path} is full.`,
        'Make room or take another disk, then run the same command again: it goes on where it stopped.',
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new Halt('disk', `This account may not write ${path}.`);
    case 'ENOENT':
      return new Halt('disk', `${path} is not there any more.`, 'Was the disk taken out? Put it back and run again.');
    case 'EIO':
      return new Halt('disk', `The disk that holds ${path} gives errors.`, 'Take another disk.');
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
    case 'EFBIG':
    case 'ENAMETOOLONG':
      return new Halt('disk', `${path} cannot be written (${error.code}).`);
    default:
      return error;
  }
}
