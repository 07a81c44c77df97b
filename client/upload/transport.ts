/** One HTTP exchange with the server, as the upload needs it; xhr-transport.ts does it in browsers. */
import { isProblemCode } from '../../shared/problem/codes.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { problemDetails, workRequired } from '../../shared/protocol/messages.ts';
import { parseJson } from '../../shared/protocol/parse.ts';
import type { Body } from './body.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'PATCH';
  /** A path on the page's own server. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Not changed before the answer is there. */
  readonly body: Body | null;
  /** The answer's body is wanted as bytes. */
  readonly binary?: true;
  /** An answer's body of more bytes is not read, and the answer comes without it; {@link MAX_ANSWER} when left out. */
  readonly most?: number;
  /** Aborting it breaks the exchange off. */
  readonly signal: AbortSignal;
}

/** Most bytes of an answer that is read unless said otherwise: the longest list that the API gives is shorter. */
export const MAX_ANSWER = 8 * 1024 * 1024;

export interface HttpAnswer {
  readonly status: number;
  /** Empty where bytes were wanted and came; what the server says of a problem is text in any case. */
  readonly text: string;
  /** Only where bytes were wanted, the status is 2xx, and they were not too many. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** A header's value, or null. */
  header(name: string): string | null;
}

/** Null: no answer came (no link, cut, stalled, aborted); whether the request arrived is not known. Never rejects. */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer | null>;

/** The code of a problem that our own server states; null for anything else, such as a proxy's error page. */
export function problemIn(answer: HttpAnswer): ProblemCode | null {
  try {
    const { code } = parseJson(problemDetails, answer.text);
    return isProblemCode(code) ? code : null;
  } catch {
    return null;
  }
}

/** The challenge of an answer that asks for a proof of work; null for any other. */
export function workIn(answer: HttpAnswer): string | null {
  if (answer.status !== 429) return null;
  try {
    return parseJson(workRequired, answer.text).work;
  } catch {
    return null;
  }
}

/**
 * True for an answer after which the same request may yet succeed: no answer, any 5xx, too many requests, and whatever is not our
 * server's word. A refusal counts only when our own server states it.
 */
export function isPassing(answer: HttpAnswer | null): answer is null | HttpAnswer {
  if (answer === null || answer.status >= 500 || answer.status === 429 || answer.status === 408) return true;
  return answer.status >= 400 && problemIn(answer) === null;
}

/** Longest pause that an answer may ask for, in milliseconds: a server that is away for an hour does not know that it is. */
const LONGEST_PAUSE = 60_000;

/** Milliseconds to wait that an answer asks for (`Retry-After`, in seconds); 0 where it says nothing that makes sense. */
export function pauseIn(answer: HttpAnswer | null): number {
  const seconds = /^\d{1,6}$/.exec(answer?.header('retry-after') ?? '')?.[0] ?? 0;
  return Math.min(Number(seconds) * 1_000, LONGEST_PAUSE);
}
