/** Proof of work as it travels: challenges, their answers, and how much each level asks for. docs/protocol.md, "Proof of work". */
import { fromBase64Url, toBase64Url } from '../bytes/base64.ts';
import { concat } from '../bytes/concat.ts';
import { utf8Encode } from '../bytes/utf8.ts';

/** The request header that bears a challenge and its answer. */
export const WORK_HEADER = 'postern-work';

/** Levels of work: 0, none, to the dearest. */
export const MOST_WORK = 8;

/** Rounds of PBKDF2-HMAC-SHA-256 for one try; a challenge costs its maker one try. */
export const WORK_ROUNDS = 1024;

/** Most tries that a challenge of this level takes; half as many on average. */
export const workTries = (level: number): number => 128 * 2 ** level;

const CONTEXT = utf8Encode('postern/work/v1');
const HEAD = 1 + 4 + 16;
const HALF = 16;
const CHALLENGE = HEAD + HALF + HALF;
const TOKEN = /^([A-Za-z0-9_-]{71})\.([A-Za-z0-9_-]{22})$/;

/** What a challenge says to whoever solves it. */
export interface WorkChallenge {
  /** From 1. */
  readonly level: number;
  /** The stretch of ten minutes in which it was made, counted from 1970. */
  readonly window: number;
  /** Level, window and 16 random bytes: the password of each try. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** First half of the key that is looked for; the answer is the second. */
  readonly target: Uint8Array<ArrayBuffer>;
  /** The server's word for all of this, the answer and the request. */
  readonly mac: Uint8Array<ArrayBuffer>;
}

/** Level, window and 16 random bytes in one. */
export function workHead(level: number, window: number, fresh: Uint8Array): Uint8Array<ArrayBuffer> {
  const number = new Uint8Array(5);
  const view = new DataView(number.buffer);
  view.setUint8(0, level);
  view.setUint32(1, window);
  return concat(number, fresh);
}

/** The salt of the `count`-th try, from 0. */
export function workSalt(count: number): Uint8Array<ArrayBuffer> {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, count);
  return concat(CONTEXT, number);
}

/** A challenge as text: 71 characters. */
export function encodeWork({ head, target, mac }: Pick<WorkChallenge, 'head' | 'target' | 'mac'>): string {
  return toBase64Url(concat(head, target, mac));
}

/** What a text says that looks like a challenge; null when it does not. Whether it is one of ours only the server can tell. */
export function parseWork(text: string): WorkChallenge | null {
  let bytes;
  try {
    bytes = fromBase64Url(text, CHALLENGE);
  } catch {
    return null;
  }
  const head = bytes.slice(0, HEAD);
  const view = new DataView(head.buffer);
  const level = view.getUint8(0);
  if (level < 1 || level > MOST_WORK) return null;
  return {
    level,
    window: view.getUint32(1),
    head,
    target: bytes.slice(HEAD, HEAD + HALF),
    mac: bytes.slice(HEAD + HALF),
  };
}

/** A challenge and its answer as the value of the header. */
export function encodeAnswer(challenge: string, answer: Uint8Array): string {
  return `${challenge}.${toBase64Url(answer)}`;
}

/** The parts of such a value; null when it is none. */
export function parseAnswer(value: string): { challenge: WorkChallenge; answer: Uint8Array<ArrayBuffer> } | null {
  const [, text = '', half = ''] = TOKEN.exec(value) ?? [];
  const challenge = parseWork(text);
  if (challenge === null) return null;
  try {
    return { challenge, answer: fromBase64Url(half, HALF) };
  } catch {
    return null;
  }
}
