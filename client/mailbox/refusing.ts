/** One word for all that can be wrong with a reply: it is not shown, whatever it was. The code of what was found goes along. */
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { isProblem, Problem } from '../../shared/problem/problem.ts';

/** What is found in a reply itself. All else (the link, the sign-in, our own faults) is not the reply's. */
const OF_A_REPLY = new Set<ProblemCode>([
  'age-header-damaged',
  'age-payload-damaged',
  'bag-damaged',
  'encoding-invalid',
  'envelope-invalid',
  'limit-exceeded',
  'note-invalid',
  'parcel-damaged',
  'part-damaged',
  'parts-missing',
  'path-unsafe',
  'seal-differs',
  'signature-wrong',
  'statement-mismatch',
  'tar-damaged',
  'tar-entry-refused',
  'tar-too-large',
  'tar-too-many-files',
]);

/** Does `work`; what it finds wrong with a reply is a Problem `reply-refused`. */
export async function refusing<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (isProblem(error) && OF_A_REPLY.has(error.code)) throw new Problem('reply-refused', { reason: error.code });
    throw error;
  }
}
