/** A question to the server in JSON, asked until it is answered. Every call of the API can be made again without harm. */
import type { GenericSchema, InferOutput } from 'valibot';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { parseJson } from '../../shared/protocol/parse.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { Exchange, Link } from './link.ts';
import { isPassing, problemIn } from './transport.ts';
import type { HttpAnswer } from './transport.ts';

export interface Question<Schema extends GenericSchema> {
  readonly path: string;
  readonly body: unknown;
  /** What the answer must look like; anything else is not our server's. */
  readonly schema: Schema;
  /** Problems that would pass elsewhere, but are an answer here. */
  readonly final?: readonly ProblemCode[];
}

/** POSTs until there is an answer. Throws the server's Problem when it refuses; rejects with an AbortError at the end. */
export async function askServer<Schema extends GenericSchema>(
  link: Link,
  exchange: Exchange,
  question: Question<Schema>,
): Promise<InferOutput<Schema>> {
  const body = utf8Encode(JSON.stringify(question.body));
  try {
    for (;;) {
      const signal = await link.gate.pass();
      const headers = { 'content-type': 'application/json' };
      const answer = await link.transport({ method: 'POST', path: question.path, headers, body, signal });
      if (signal.aborted) continue;
      const code = answer === null ? null : problemIn(answer);
      const final = code !== null && question.final?.includes(code) === true;
      if (!final && isPassing(answer)) await exchange.failed(code);
      else if (code !== null) throw new Problem(code);
      else {
        const value = valueOf(question.schema, answer);
        if (value !== null) return value;
        await exchange.failed(null);
      }
    }
  } finally {
    exchange.end();
  }
}

/** Null for what is not the answer of our server: a page of a proxy, say. */
function valueOf<Schema extends GenericSchema>(schema: Schema, answer: HttpAnswer | null): InferOutput<Schema> | null {
  if (answer === null || answer.status < 200 || answer.status > 299) return null;
  try {
    return parseJson(schema, answer.text);
  } catch {
    return null;
  }
}
