/** What stops a command: a code whose sentence and hint stand in sentences.ts, with the values that go into them. */
import type { FAILURES } from './sentences.ts';

export type FailureCode = keyof typeof FAILURES;

/** Thrown on purpose when a command was used wrongly (exit 2) or cannot do its work (exit 3). Damage found in a parcel is a finding, not a failure. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  /** Values for the sentence: paths and names as given, escaped only when printed. */
  readonly values: Readonly<Record<string, string | number>>;

  constructor(code: FailureCode, values: Readonly<Record<string, string | number>> = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

/** The code of an error of the operating system (`ENOENT`…; `E117` of one that Node has no name for), or null for any other value. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  if (/^E[A-Z0-9]+$/.test(error.code)) return error.code;
  const unnamed = /^Unknown system error -(\d{1,5})$/.exec(error.code);
  return unnamed === null ? null : `E${unnamed[1]}`;
}
