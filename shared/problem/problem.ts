/** The one error type that is thrown on purpose: a code from the closed table and fields that are safe to show. */
import { PROBLEMS } from './codes.ts';
import type { ProblemCode } from './codes.ts';

/** Numbers, codes and day strings only; never a file name, a path, a key or any input. `ranges` are [from, to] inclusive. */
export type ProblemDetail = Readonly<Record<string, number | string | readonly (readonly [number, number])[]>>;

/** An error with a code that every machine knows; `message` is the table's sentence for it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: ProblemDetail;

  constructor(code: ProblemCode, detail: ProblemDetail = {}) {
    super(PROBLEMS[code].title);
    this.code = code;
    this.detail = detail;
  }
}

/** True for a Problem, and where `code` is given, only for that one. */
export function isProblem(error: unknown, code?: ProblemCode): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code);
}
