/** What the staff listener's answers mean: good, away for now, a Problem of the table, or nothing a Postern server says. */
import { PROBLEMS } from '../shared/problem/codes.ts';
import type { ProblemCode } from '../shared/problem/codes.ts';
import { Problem } from '../shared/problem/problem.ts';
import { problemDetails } from '../shared/protocol/messages.ts';
import { parseJson } from '../shared/protocol/parse.ts';
import { Away } from './away.ts';
import { Halt } from './halt.ts';
import { readText } from './http.ts';
import type { HttpAnswer } from './http.ts';

const MAX_PROBLEM = 65_536;

/** The code in a problem-details body, or null when there is none of our table. Reads the body to its end. */
export async function problemCode(answer: HttpAnswer): Promise<ProblemCode | null> {
  const text = await readText(answer, MAX_PROBLEM);
  try {
    const { code } = parseJson(problemDetails, text);
    return Object.hasOwn(PROBLEMS, code) ? (code as ProblemCode) : null;
  } catch {
    return null;
  }
}

/** The answer itself for 2xx and 416; else throws Away (5xx, 429; not for what waiting does not mend), a Problem, or Halt `server-strange`. */
export async function accept(answer: HttpAnswer): Promise<HttpAnswer> {
  const { status } = answer;
  if ((status >= 200 && status < 300) || status === 416) return answer;
  const code = await problemCode(answer);
  if (code === 'card-missing' || code === 'storage-full' || code === 'quota-reached') throw new Problem(code);
  if (status >= 500 || status === 429) throw new Away(`it answers ${status}`);
  if (code !== null) throw new Problem(code);
  throw new Halt(
    'server-strange',
    `What answers at that address is no Postern staff listener (status ${status}).`,
    'Check --server: the staff address is not the one that sources use.',
  );
}
