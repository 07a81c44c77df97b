/** Plain HTTP to one server over kept-alive connections; a stall or a break is an Away, bodies stream. */
import { Agent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import { utf8Decode } from '../shared/bytes/utf8.ts';
import { concat } from '../shared/bytes/concat.ts';
import { Problem } from '../shared/problem/problem.ts';
import { Away, awayFor } from './away.ts';
import { Halt } from './halt.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PATCH' | 'POST';
  /** Begins with a slash; joined to the path of the server's address. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as JSON, bytes as they are. */
  readonly body?: string | Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as it comes. Breaking out of the loop closes the connection. Throws Away when it breaks or stalls. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection without reading on. */
  discard(): void;
}

export interface Http {
  /** Host and port as they stand in the `Host` header. */
  readonly host: string;
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

/** A connection on which nothing moves for this long is given up. */
const STALL_MS = 60_000;

/** HTTP to `base` with at most `connections` at once. */
export function createHttp(base: URL, connections: number, stallMs = STALL_MS): Http {
  const secure = base.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections };
  const agent = secure ? new TlsAgent(options) : new Agent(options);
  const start = secure ? httpsRequest : httpRequest;
  const prefix = base.pathname.replace(/\/+$/, '');

  function send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const headers = {
        ...request.headers,
        ...(typeof request.body === 'string' ? { 'content-type': 'application/json' } : {}),
      };
      const outgoing = start(
        new URL(base.origin + prefix + request.path),
        { method: request.method, agent, headers, signal },
        (message) => {
          resolve({
            status: message.statusCode ?? 0,
            headers: message.headers,
            body: readBody(message, signal),
            discard: () => void message.destroy(),
          });
        },
      );
      outgoing.setTimeout(stallMs, () => {
        outgoing.destroy(new Away(`nothing came for ${Math.round(stallMs / 1000)} seconds`));
      });
      outgoing.on('error', (error) => {
        reject(problemOfConnection(error, signal));
      });
      outgoing.end(request.body);
    });
  }

  return {
    host: base.host,
    send,
    close: () => {
      agent.destroy();
    },
  };
}

async function* readBody(message: IncomingMessage, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of message) yield chunk as Uint8Array;
  } catch (error) {
    throw problemOfConnection(error, signal);
  }
  if (!message.complete) throw new Away('the connection broke off');
}

function problemOfConnection(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return new Halt('interrupted', 'Stopped.');
  return error instanceof Away ? error : awayFor(error);
}

/** The whole body as text. Problems: `limit-exceeded` above `limit` bytes, `encoding-invalid` when it is not UTF-8. */
export async function readText(answer: HttpAnswer, limit: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body) {
    length += piece.length;
    if (length > limit) throw new Problem('limit-exceeded');
    pieces.push(piece);
  }
  return utf8Decode(concat(...pieces));
}
