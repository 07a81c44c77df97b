/** A staff listener of a few lines for the courier's tests: parcels of random bytes, and faults on demand. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { PROBLEMS } from '../../shared/problem/codes.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { formatEnvelope } from '../../shared/protocol/envelope.ts';
import type { Envelope } from '../../shared/protocol/envelope.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { signOpening } from '../../shared/statements/opening.ts';
import { signPartStatement } from '../../shared/statements/part-statement.ts';
import { signReceipt } from '../../shared/statements/receipt.ts';
import { signSeal } from '../../shared/statements/seal.ts';
import { openSignIn } from '../../shared/statements/sign-in.ts';
import { createFakeReplies } from './fake-replies.ts';
import type { FakeReplies } from './fake-replies.ts';
import type { Signers } from './make-reply.ts';

const MIB = 1_048_576;

/** A parcel as the fake server has it. */
export interface FakeParcel {
  readonly parcel: string;
  readonly mailbox: SigningKey;
  readonly opening: string;
  readonly announced: number;
  readonly parts: Map<number, { readonly bytes: Uint8Array; readonly note: string }>;
  seal: string | null;
  receipt: string | null;
  /** What stands for a proof that the receipt is in the log. */
  log: string | null;
  /** True once a courier said that staff have all of it. */
  collected: boolean;
  /** Sent in place of the envelope when set. */
  forgedEnvelope: string | null;
}

export interface FakeStaff {
  readonly url: URL;
  readonly parcels: FakeParcel[];
  readonly couriers: Set<string>;
  readonly replies: FakeReplies;
  /** Who signs receipts for replies; needed where there are any. */
  signers: Signers | null;
  /** Requests so far, as `GET /path`, and of parts the `Range` after a space. */
  readonly requests: string[];
  /** Looked at before each answer; true when it has answered itself. */
  fault: (request: IncomingMessage, response: ServerResponse) => boolean;
  card: string | null;
  /** Forgets all sessions, as a restarted server does. */
  forgetSessions(): void;
  close(): Promise<void>;
}

/** Draws a parcel of `count` parts of about `size` bytes; the first `finished` of them are there. */
export async function drawParcel(count: number, size: number, finished = count): Promise<FakeParcel> {
  const parcel = toHex(randomBytes(16));
  const mailbox = await ed25519FromSeed(randomBytes(32));
  const opening = { parcel, mailbox: mailbox.publicKey, card: 1, partSize: MIB, size: count * MIB };
  const made: FakeParcel = {
    parcel,
    mailbox,
    opening: await signOpening(opening, mailbox),
    announced: count,
    parts: new Map(),
    seal: null,
    receipt: null,
    log: null,
    collected: false,
    forgedEnvelope: null,
  };
  for (let part = 0; part < finished; part++) await finishPart(made, part, size);
  return made;
}

/** Gives a parcel one more part. */
export async function finishPart(made: FakeParcel, part: number, size: number): Promise<void> {
  const bytes = randomBytes(size);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const note = await signPartStatement({ parcel: made.parcel, part, size, sha256 }, made.mailbox);
  made.parts.set(part, { bytes, note });
}

/** Seals a parcel all of whose parts are there. */
export async function sealParcel(made: FakeParcel): Promise<void> {
  const hashes = [...made.parts.values()].map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'));
  const root = toHex(await merkleRoot(hashes.map((hash) => fromHex(hash, 32))));
  const { parcel, mailbox } = made;
  made.seal = await signSeal({ parcel, partSize: MIB, parts: made.parts.size, root }, mailbox);
  const receiptKey = await ed25519FromSeed(randomBytes(32));
  made.receipt = await signReceipt({ parcel, root, received: '2026-11-24' }, receiptKey);
  made.log = 'stands for a proof\n';
}

/** The envelope of a parcel, as an honest server gives it. */
export function envelopeOf(made: FakeParcel): Envelope {
  const parts = [...made.parts.entries()].sort(([a], [b]) => a - b).map(([, { note }]) => note);
  const { parcel, opening, seal, receipt, log } = made;
  return { version: 2, parcel, mailbox: toBase64Url(made.mailbox.publicKey), opening, parts, seal, receipt, log };
}

/** Starts a fake staff listener on a free port of loopback. */
export async function startFakeStaff(): Promise<FakeStaff> {
  let challenges = new Set<string>();
  let tokens = new Set<string>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (isProblem(error)) refuse(response, error.code);
      else response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeStaff = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    parcels: [],
    couriers: new Set(),
    replies: createFakeReplies(() => fake.signers),
    signers: null,
    requests: [],
    fault: () => false,
    card: 'a card\n',
    forgetSessions() {
      challenges = new Set();
      tokens = new Set();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', fake.url);
    fake.requests.push(`${request.method} ${url.pathname}${request.headers.range ? ` ${request.headers.range}` : ''}`);
    if (url.pathname.startsWith('/api/replies')) {
      if (fake.fault(request, response)) return;
      if (!isSignedIn(request)) return refuse(response, 'sign-in-refused');
      return fake.replies.answer(request, response, url.pathname.split('/').slice(3));
    }
    let body = '';
    for await (const piece of request) body += String(piece);
    if (fake.fault(request, response)) return;
    if (url.pathname === '/api/challenge') {
      const challenge = toBase64Url(randomBytes(32));
      challenges.add(challenge);
      json(response, { challenge });
    } else if (url.pathname === '/api/session') {
      const signIn = await openSignIn((JSON.parse(body) as { statement: string }).statement);
      if (!challenges.delete(toBase64Url(signIn.challenge))) refuse(response, 'challenge-unknown');
      else if (signIn.host !== fake.url.host || !fake.couriers.has(toBase64Url(signIn.courier))) {
        refuse(response, 'sign-in-refused');
      } else {
        const token = toBase64Url(randomBytes(32));
        tokens.add(token);
        json(response, { token, expiresIn: 600 });
      }
    } else if (!isSignedIn(request)) {
      refuse(response, 'sign-in-refused');
    } else data(url, request, response);
  }

  function isSignedIn(request: IncomingMessage): boolean {
    return tokens.has((request.headers.authorization ?? '').replace('Bearer ', ''));
  }

  function data(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const [, , kind, id, what, number] = url.pathname.split('/');
    const made = fake.parcels.find(({ parcel }) => parcel === id);
    if (kind === 'card') {
      if (fake.card === null) refuse(response, 'card-missing');
      else response.end(fake.card);
    } else if (kind === 'status') {
      json(response, statusOf(fake));
    } else if (kind === 'parcels' && id === undefined) {
      json(response, listFrom(fake.parcels, Number(url.searchParams.get('after'))));
    } else if (made !== undefined && what === 'envelope') {
      response.end(made.forgedEnvelope ?? formatEnvelope(envelopeOf(made)));
    } else if (made !== undefined && what === 'parts') {
      sendPart(request, response, made.parts.get(Number(number))!.bytes);
    } else if (made !== undefined && what === 'collected') {
      if (made.seal === null) return refuse(response, 'parts-missing');
      made.collected = true;
      response.writeHead(204).end();
    } else if (what === 'delete' && id !== undefined && (made !== undefined || fake.replies.byId.delete(id))) {
      if (made !== undefined) fake.parcels.splice(fake.parcels.indexOf(made), 1);
      response.writeHead(204).end();
    } else refuse(response, 'parcel-unknown');
  }
  return fake;
}

/** Pages of two, so that paging is walked. */
function listFrom(parcels: readonly FakeParcel[], after: number) {
  const page = parcels.slice(after, after + 2);
  return {
    parcels: page.map((made, i) => ({
      number: after + i + 1,
      parcel: made.parcel,
      day: '2026-11-24',
      size: made.announced * MIB,
      parts: made.announced,
      finished: made.parts.size,
      sealed: made.seal !== null,
      collected: made.collected,
    })),
    next: after + 2 < parcels.length ? after + 2 : null,
  };
}

function statusOf({ parcels, replies }: FakeStaff) {
  const sealed = parcels.filter(({ seal }) => seal !== null);
  return {
    unfinished: parcels.length - sealed.length,
    sealed: sealed.length,
    collected: sealed.filter(({ collected }) => collected).length,
    replies: replies.byId.size,
    free: 120_000_000_000,
  };
}

function sendPart(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array): void {
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const partial = from > 0 && request.headers['if-range'] === etag;
  if (partial) response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
  response.writeHead(partial ? 206 : 200, { etag });
  response.end(partial ? bytes.subarray(from) : bytes);
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function refuse(response: ServerResponse, code: ProblemCode): void {
  response.writeHead(PROBLEMS[code].status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ ...PROBLEMS[code], code }));
}
