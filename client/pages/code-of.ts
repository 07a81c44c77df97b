/** What went wrong, as a code that has a sentence. */
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { isProblem } from '../../shared/problem/problem.ts';

/** Null when the page itself broke it off. */
export function codeOf(error: unknown): ProblemCode | null {
  if (isProblem(error)) return error.code;
  return error instanceof DOMException && error.name === 'AbortError' ? null : 'internal';
}
