/** A question to the server, asked until it is answered. Every call of the API can be made again without harm. */
import type { GenericSchema, InferOutput } from 'valibot';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { parseJson } from '../../shared/protocol/parse.ts';
import { WORK_HEADER } from '../../shared/protocol/work.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { solveWork } from '../work/solve-work.ts';
import type { Exchange, Link } from './link.ts';
import { isPassing, pauseIn, problemIn, workIn } from './transport.ts';
import type { HttpAnswer, HttpRequest } from './transport.ts';

/** A request, and what its answer means. */
export interface Asking<Value> extends Omit<HttpRequest, 'signal'> {
  /** The value of an answer of status 2xx; null for one that is not our server's: a page of a proxy, say. */
  readonly read: (answer: HttpAnswer) => Value | null;
  /** Problems that would pass elsewhere, but are an answer here. */
  readonly final?: readonly ProblemCode[];
  /** Aborting it ends the asking, which rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface Question<Schema extends GenericSchema> {
  readonly path: string;
  readonly body: unknown;
  /** What the answer must look like; anything else is not our server's. */
  readonly schema: Schema;
  readonly final?: readonly ProblemCode[];
}

/** A server that is not content with so many proofs of work in a row has some trouble: it is asked again later. */
const MOST_IN_A_ROW = 3;

/** Asks until there is an answer; works for it when that is asked for. Throws the server's Problem when it refuses; rejects with an AbortError at the end. */
export async function ask<Value>(link: Link, exchange: Exchange, asking: Asking<Value>): Promise<Value> {
  const { read, final, signal: wish, ...request } = asking;
  wish?.addEventListener('abort', link.gate.wake);
  let headers = request.headers;
  let worked = 0;
  try {
    for (;;) {
      const gate = await link.gate.pass();
      wish?.throwIfAborted();
      const signal = wish === undefined ? gate : AbortSignal.any([gate, wish]);
      const answer = await link.transport({ ...request, headers, signal });
      if (signal.aborted) continue;
      const challenge = answer === null ? null : workIn(answer);
      if (challenge !== null && worked < MOST_IN_A_ROW) {
        exchange.succeeded();
        const proof = await workFor(link, challenge, signal);
        if (proof !== null) headers = { ...request.headers, [WORK_HEADER]: proof };
        if (proof !== null || signal.aborted) {
          worked += 1;
          continue;
        }
      }
      worked = 0;
      const code = answer === null ? null : problemIn(answer);
      if (isPassing(answer) && (code === null || final?.includes(code) !== true))
        await exchange.failed(code, pauseIn(answer));
      else if (code !== null) throw new Problem(code);
      else {
        const value = answer === null || answer.status < 200 || answer.status > 299 ? null : read(answer);
        if (value !== null) return value;
        await exchange.failed(null);
      }
    }
  } finally {
    wish?.removeEventListener('abort', link.gate.wake);
    exchange.end();
  }
}

/** Works for a place, and lets it be seen. Null when that was ended, or leads to nothing. */
async function workFor(link: Link, challenge: string, signal: AbortSignal): Promise<string | null> {
  try {
    return await solveWork(challenge, { signal, clock: link.clock, onProgress: link.onWork });
  } finally {
    link.onWork(null);
  }
}

/** POSTs JSON until there is an answer in JSON; see {@link ask}. */
export function askServer<Schema extends GenericSchema>(
  link: Link,
  exchange: Exchange,
  { path, body, schema, final = [] }: Question<Schema>,
): Promise<InferOutput<Schema>> {
  const headers = { 'content-type': 'application/json' };
  return ask(link, exchange, {
    method: 'POST',
    path,
    headers,
    body: utf8Encode(JSON.stringify(body)),
    final,
    read: (answer) => valueOf(schema, answer.text),
  });
}

/** A text's value in the schema's shape, or null. */
export function valueOf<Schema extends GenericSchema>(schema: Schema, text: string): InferOutput<Schema> | null {
  try {
    return parseJson(schema, text);
  } catch {
    return null;
  }
}
