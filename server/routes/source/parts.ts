/** Parts over tus 1.0: the library speaks the protocol for our DataStore; the answers are Fastify's, so that they carry the fixed headers. */
import type { IncomingMessage } from 'node:http';
import { Server } from '@tus/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../shared/problem/problem.ts';
import { maxPartCiphertext } from '../../../shared/protocol/limits.ts';
import { partRoute, TUS_ROUTE } from '../../../shared/protocol/routes.ts';
import type { Direction } from '../../../shared/statements/direction.ts';
import { MAX_PARTS } from '../../../shared/statements/opening.ts';
import { unverifiedPartStatement } from '../../../shared/statements/part-statement.ts';
import { PartStore } from '../../store/part-store.ts';
import type { PartServices } from '../../store/part-store.ts';
import { hasBody } from '../listener.ts';
import { asProblem, sendProblem } from '../problems.ts';
import { readPartMetadata } from './part-metadata.ts';

const TUS_VERSION = '1.0.0';
const BODY_TYPE = 'application/offset+octet-stream';
const LARGEST_PART = maxPartCiphertext(16_777_216);
/** The only request headers that the library sees; others, like X-Forwarded-Proto, are no business of its. */
const PASSED = ['tus-resumable', 'content-type', 'content-length'];
/** What of its answer is sent on: no Location but where it is asked for, nothing for other origins. */
const ANSWERED = /^(?:tus-|upload-|cache-control$)/;

interface PartAddress {
  readonly parcel: string;
  readonly part: number;
}

export interface PartPlace {
  /** The address of the parcels whose parts these are. */
  readonly route: string;
  readonly direction: Direction;
}

/** Registers the part resources below `route`. Only OPTIONS, POST, HEAD and PATCH. */
export async function registerParts(
  app: FastifyInstance,
  services: PartServices,
  { route, direction }: PartPlace,
): Promise<void> {
  await app.register(async (tus) => {
    withoutParsers(tus);
    tus.route<{ Params: { parcel: string; part: string } }>({
      method: ['OPTIONS', 'POST', 'HEAD', 'PATCH'],
      url: `${route}/:parcel/parts/:part`,
      handler: (request, reply) => answer(services, request, reply, addressIn(request.params), direction),
    });
    await Promise.resolve();
  });
}

/** Registers the one address at which stock clients create parts of submissions. */
export async function registerStockParts(app: FastifyInstance, services: PartServices): Promise<void> {
  await app.register(async (tus) => {
    withoutParsers(tus);
    tus.route({
      method: ['OPTIONS', 'POST'],
      url: TUS_ROUTE,
      handler: (request, reply) => answer(services, request, reply, addressSpokenOf(request), 'submission', true),
    });
    await Promise.resolve();
  });
}

/** Bodies are read from the socket by the store. */
function withoutParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

async function answer(
  services: PartServices,
  request: FastifyRequest,
  reply: FastifyReply,
  address: PartAddress | null,
  direction: Direction,
  withLocation = false,
): Promise<FastifyReply> {
  void reply.header('tus-resumable', TUS_VERSION);
  checkHeaders(request);
  if (address === null && request.method !== 'OPTIONS') throw new Problem('not-found');
  const { parcel, part } = address ?? { parcel: '', part: 0 };
  const body = request.method !== 'HEAD' && hasBody(request.raw) ? request.raw : null;
  const { writer, record } = readPartMetadata(request.headers['upload-metadata']);
  const store = new PartStore(services, { direction, parcel, part, body, writer, record });

  let thrown: unknown = null;
  const server = new Server({
    path: TUS_ROUTE,
    datastore: store,
    relativeLocation: true,
    maxSize: LARGEST_PART,
    namingFunction: () => `${parcel}/${part}`,
    getFileIdFromRequest: () => `${parcel}/${part}`,
    generateUrl: () => partRoute(parcel, part),
    // Turns within the process and the compare-and-set in the database take the place of the library's locks.
    locker: { newLock: () => ({ lock: () => Promise.resolve(), unlock: () => Promise.resolve() }) },
    onResponseError: (_request, error) => {
      thrown = error;
      return undefined;
    },
  });
  // No body: the store reads it from the socket, without the copies that the library's own streams would make.
  const response = await server.handleWeb(
    new Request('http://postern.invalid/', { method: request.method, headers: passedHeaders(request.raw) }),
  );
  for (const [name, value] of response.headers) {
    if (ANSWERED.test(name) || (withLocation && name === 'location')) void reply.header(name, value);
  }
  if (thrown === null && response.status < 400) return reply.code(response.status).send();
  const problem = thrown === null ? refusal(response.status) : problemOf(thrown);
  if (problem.code === 'internal' && thrown instanceof Error) throw thrown;
  if (problem.code !== 'offset-conflict' || store.offset === null) return sendProblem(reply, problem);
  return sendProblem(
    reply.header('upload-offset', store.offset),
    new Problem('offset-conflict', { offset: store.offset }),
  );
}

/** tus §"Core protocol": 412 for another version, 415 for a PATCH of another type. */
function checkHeaders({ method, headers }: FastifyRequest): void {
  if (method !== 'OPTIONS' && headers['tus-resumable'] !== TUS_VERSION) throw new Problem('tus-version-unsupported');
  if (method === 'PATCH' && headers['content-type'] !== BODY_TYPE) throw new Problem('media-type-unsupported');
}

function passedHeaders({ headers }: IncomingMessage): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && (PASSED.includes(name) || name.startsWith('upload-')) ? [[name, value]] : [],
  );
}

function addressIn({ parcel, part }: { parcel: string; part: string }): PartAddress | null {
  return /^[0-9a-f]{32}$/.test(parcel) && /^(?:0|[1-9]\d{0,5})$/.test(part) ? { parcel, part: Number(part) } : null;
}

/** Whom the statement in the metadata is about; its signature is looked at later, against that parcel's mailbox. */
function addressSpokenOf({ method, headers }: FastifyRequest): PartAddress | null {
  if (method === 'OPTIONS') return null;
  const metadata = headers['upload-metadata'];
  const found = typeof metadata === 'string' ? /(?:^|,)statement ([A-Za-z0-9+/=]+)(?:,|$)/.exec(metadata) : null;
  if (!found) throw new Problem('bad-request');
  const { parcel, part } = unverifiedPartStatement(Buffer.from(found[1]!, 'base64').toString('utf8'));
  if (part >= MAX_PARTS) throw new Problem('statement-mismatch');
  return { parcel, part };
}

/** The parcel that a stock client's creation is about, or null where that is not said as it must be. */
export function parcelSpokenOf(request: FastifyRequest): string | null {
  try {
    return addressSpokenOf(request)?.parcel ?? null;
  } catch {
    return null;
  }
}

/** The Problem for what the library or our store threw. */
function problemOf(error: unknown): Problem {
  if (typeof error === 'object' && error !== null && 'status_code' in error && typeof error.status_code === 'number')
    return refusal(error.status_code);
  return asProblem(error);
}

/** The library's refusals by status: what it says of malformed or ill-fitting headers. */
function refusal(status: number): Problem {
  if (status === 404 || status === 410) return new Problem('not-found');
  if (status === 409) return new Problem('offset-conflict');
  if (status === 412) return new Problem('tus-version-unsupported');
  if (status === 413) return new Problem('limit-exceeded');
  // 501: an extension of tus that is not offered here.
  return new Problem(status < 500 || status === 501 ? 'bad-request' : 'internal');
}
