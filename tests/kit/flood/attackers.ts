/** Those who want to shut others out: each holds one connection, does one bad thing on it again and again, and comes back when it is closed. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { toBase64Url } from '../../../shared/bytes/base64.ts';
import { toHex } from '../../../shared/bytes/hex.ts';
import {
  MAILBOX_CHALLENGE_ROUTE,
  MAILBOX_SESSION_ROUTE,
  PARCELS_ROUTE,
  partRoute,
} from '../../../shared/protocol/routes.ts';
import { head } from '../raw-request.ts';
import type { Seeded } from '../seeded.ts';

/** What they do, and how many of a hundred do it. */
const KINDS = {
  opening: 50,
  garbage: 5,
  challenge: 10,
  session: 3,
  unknown: 4,
  'slow-head': 10,
  'slow-body': 5,
  'slow-reader': 8,
  idle: 5,
} as const;
export type Kind = keyof typeof KINDS;

export interface Tally {
  /** Answers by status. */
  readonly statuses: Record<string, number>;
  /** Answers of 429 or 503 without Retry-After. */
  withoutRetryAfter: number;
  /** Connections that were closed on them, by what they did. */
  readonly closed: Record<string, number>;
  /** The most that were open at once. */
  most: number;
  open: number;
  requests: number;
}

export interface Means {
  readonly port: number;
  readonly chance: Seeded;
  /** Signed openings; each is good for one parcel. */
  readonly openings: readonly string[];
  /** A large file of the page. */
  readonly page: string;
}

/** Milliseconds between an answer and the next request, at most, and before a closed connection is opened again. */
const PAUSE_MS = 1_000;
const BACK_MS = 2_000;
/** Milliseconds between the bytes of those that are slow. */
const DRIP_MS = 3_000;

/** What the `index`-th of them does: the same mix in each hundred. */
export function kindOf(index: number): Kind {
  let left = (index * 37) % 100;
  for (const [kind, share] of Object.entries(KINDS)) {
    if (left < share) return kind as Kind;
    left -= share;
  }
  return 'idle';
}

export function emptyTally(): Tally {
  return { statuses: {}, withoutRetryAfter: 0, closed: {}, most: 0, open: 0, requests: 0 };
}

/** One of them, until `signal`. */
export function attack(kind: Kind, means: Means, tally: Tally, signal: AbortSignal): void {
  if (signal.aborted) return;
  const { chance, port } = means;
  const socket = connect(port, '127.0.0.1');
  const later = (work: () => void, most: number): void =>
    void setTimeout(() => !socket.destroyed && work(), 1 + chance.int(most));
  const ask = (): void => {
    tally.requests += 1;
    socket.write(requestOf(kind, means));
  };
  let opened = false;
  socket.once('connect', () => {
    opened = true;
    tally.open += 1;
    tally.most = Math.max(tally.most, tally.open);
    if (kind === 'slow-head') drip(socket, `GET /?${toHex(chance.bytes(32))} HTTP/1.1\r\nhost: `);
    else if (kind === 'slow-body') {
      const headers = { 'content-type': 'application/json', 'content-length': '900' };
      drip(socket, head('POST', PARCELS_ROUTE, headers));
    } else if (kind !== 'idle') ask();
  });
  socket.on('data', (piece: Buffer) => {
    if (kind === 'slow-reader') {
      socket.pause();
      later(() => socket.resume(), DRIP_MS);
    }
    // Answers are short and come whole; of the page only the first bytes are of interest.
    const text = piece.toString('latin1');
    const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
    if (status === undefined) return;
    tally.statuses[status] = (tally.statuses[status] ?? 0) + 1;
    if ((status === '429' || status === '503') && !/^retry-after: \d+\r$/im.test(text)) tally.withoutRetryAfter += 1;
    if (kind !== 'slow-body') later(ask, PAUSE_MS);
  });
  socket.on('error', () => undefined);
  const end = (): void => void socket.destroy();
  signal.addEventListener('abort', end);
  socket.once('close', () => {
    signal.removeEventListener('abort', end);
    if (opened) tally.open -= 1;
    if (signal.aborted) return;
    tally.closed[kind] = (tally.closed[kind] ?? 0) + 1;
    setTimeout(() => attack(kind, means, tally, signal), BACK_MS / 2 + chance.int(BACK_MS));
  });
}

function drip(socket: Socket, begin: string): void {
  socket.write(begin);
  const timer = setInterval(() => socket.write('x'), DRIP_MS);
  socket.once('close', () => clearInterval(timer));
}

function requestOf(kind: Kind, { chance, openings, page }: Means): string {
  switch (kind) {
    case 'opening':
      return json(PARCELS_ROUTE, { opening: chance.pick(openings) });
    case 'garbage':
      return json(PARCELS_ROUTE, { opening: toHex(chance.bytes(200)) });
    case 'challenge':
      return json(MAILBOX_CHALLENGE_ROUTE, {});
    case 'session':
      return json(MAILBOX_SESSION_ROUTE, { statement: toBase64Url(chance.bytes(200)) });
    case 'unknown':
      return head('HEAD', partRoute(toHex(chance.bytes(16)), 0), { 'tus-resumable': '1.0.0' });
    default:
      return head('GET', page, {});
  }
}

function json(path: string, body: unknown): string {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
  return head('POST', path, headers) + text;
}
