/** Every error becomes RFC 9457 problem details from the closed table; what is unexpected is `internal` and says nothing. */
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { PROBLEMS } from '../../shared/problem/codes.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { describeError } from '../log.ts';
import type { Log } from '../log.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** Seconds after which what was away is usually back, or a busy server has room again. */
const RETRY_AFTER: Partial<Readonly<Record<ProblemCode, number>>> = {
  'database-away': 2,
  'storage-away': 5,
  'server-busy': 5,
};

/** The body for a Problem; fields of its detail stand beside those of RFC 9457. */
export function problemBody({ code, detail }: Problem): string {
  const { status, title } = PROBLEMS[code];
  return JSON.stringify({ ...detail, type: 'about:blank', title, status, code });
}

const answered = new WeakMap<FastifyReply, ProblemCode>();

/** The code of the Problem that a reply was sent with, or null. */
export function answeredProblem(reply: FastifyReply): ProblemCode | null {
  return answered.get(reply) ?? null;
}

/** Answers with a Problem. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  answered.set(reply, problem.code);
  const seconds = RETRY_AFTER[problem.code];
  if (seconds !== undefined) void reply.header('retry-after', seconds);
  return reply.code(PROBLEMS[problem.code].status).type(PROBLEM_TYPE).send(problemBody(problem));
}

/** The Problem that an error is to the outside. Fastify's own errors go by their status. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = error instanceof Error ? (error as Partial<FastifyError>).statusCode : undefined;
  return new Problem(
    status === undefined ? 'internal' : (BY_STATUS[status] ?? (status < 500 ? 'bad-request' : 'internal')),
  );
}

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  403: 'not-found',
  404: 'not-found',
  413: 'limit-exceeded',
  415: 'media-type-unsupported',
};

/** Installs the two handlers of an app. */
export function handleProblems(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, new Problem('not-found')));
  app.setErrorHandler((error, _request, reply) => {
    const problem = asProblem(error);
    if (problem.code === 'internal') log(describeError(error));
    return sendProblem(reply, problem);
  });
}
