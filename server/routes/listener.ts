/** What all listeners share: a Fastify app that says no more than it must, with the fixed headers on every answer, even to what is not HTTP. */
import { maxHeaderSize } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../shared/problem/problem.ts';
import { PROBLEMS } from '../../shared/problem/codes.ts';
import { SECURITY_HEADERS } from '../../shared/protocol/csp.ts';
import { MAX_JSON_BYTES } from '../../shared/protocol/limits.ts';
import { watchProgress } from '../guard/progress.ts';
import type { ProgressLimits } from '../guard/progress.ts';
import type { Log } from '../log.ts';
import type { Traffic } from '../ops/traffic.ts';
import { answeredProblem, handleProblems, problemBody, PROBLEM_TYPE, sendProblem } from './problems.ts';

export interface ListenerOptions {
  readonly log: Log;
  /** Milliseconds, only ever rising. */
  readonly clock: () => number;
  /** How long a request may take over its body. */
  readonly progress: (request: FastifyRequest) => ProgressLimits;
  /** The lowest status that is logged. */
  readonly logFrom: number;
  /** Told of every request. */
  readonly traffic: Traffic;
}

/** A Fastify app without routes. */
export function createListener({ log, clock, progress, logFrom, traffic }: ListenerOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: MAX_JSON_BYTES,
    forceCloseConnections: true,
    requestTimeout: 0,
    return503OnClosing: false,
    exposeHeadRoutes: true,
    http: { maxHeaderSize, headersTimeout: 60_000, requireHostHeader: false },
    routerOptions: { maxParamLength: 100 },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (_error, _request, reply) => {
      void sendProblem(reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store'), new Problem('not-found'));
    },
  });
  // Node would answer these two by itself, without our headers.
  app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const problem = new Problem('bad-request');
    response.writeHead(PROBLEMS[problem.code].status, {
      ...SECURITY_HEADERS,
      'cache-control': 'no-store',
      'content-type': PROBLEM_TYPE,
    });
    response.end(problemBody(problem));
  });
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(SECURITY_HEADERS).header('cache-control', 'no-store');
    traffic.began();
    reply.raw.once('close', () => traffic.ended());
    if (hasBody(request.raw)) watchProgress(request.raw, progress(request), clock);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { statusCode: status } = reply;
    const [route, { method }] = [routeOf(request), request];
    traffic.answered({ route, method, status, problem: answeredProblem(reply) });
    if (status >= logFrom && !isForSoon(reply)) log({ event: 'request', route, method, status });
    done();
  });
  handleProblems(app, log);
  return app;
}

/** True when the request announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Of refusals in a flood there are too many to write each down. */
function isForSoon(reply: FastifyReply): boolean {
  return reply.statusCode === 503 && answeredProblem(reply) === 'server-busy';
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}

/** Answers what Node's parser refused, with the same headers as all else, and closes. */
function refuseConnection(_error: Error, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const body = problemBody(new Problem('bad-request'));
  const headers = {
    ...SECURITY_HEADERS,
    'cache-control': 'no-store',
    'content-type': PROBLEM_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}\r\n${body}`);
}
