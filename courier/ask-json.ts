/** One question to the staff listener with a JSON answer, asked again while the server is away. */
import { parseJson } from '../shared/protocol/parse.ts';
import { persist } from './away.ts';
import type { Patience } from './away.ts';
import { Halt } from './halt.ts';
import type { HttpRequest } from './http.ts';
import { readText } from './http.ts';
import type { Session } from './session.ts';

type Schema = Parameters<typeof parseJson>[0];

/** Most bytes of an answer: the longest is a page of the list. */
const MAX_ANSWER = 1_048_576;

/** Asks and gives the answer in the schema's shape. Problems of the server; Halt `server-strange` for an answer of another shape. */
export async function askJson<Shape extends Schema>(
  session: Session,
  patience: Patience,
  request: HttpRequest,
  schema: Shape,
): Promise<ReturnType<typeof parseJson<Shape>>> {
  const text = await persist(patience, async () => readText(await session.send(request), MAX_ANSWER));
  try {
    return parseJson(schema, text);
  } catch {
    throw new Halt('server-strange', 'An answer of the server is not of the form that it must have.');
  }
}

/** Tells the server something to which it only says that it is so. */
export async function tell(session: Session, patience: Patience, path: string): Promise<void> {
  await persist(patience, async () => readText(await session.send({ method: 'POST', path, body: '{}' }), MAX_ANSWER));
}
