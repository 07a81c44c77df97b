/** What the lines of a paper backup hold: a share of the secret, and all keys encrypted under that secret. */
import { createHash } from 'node:crypto';
import { concat } from '../../shared/bytes/concat.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { toBase32 } from './base32.ts';

/** A share, and how many of its set join. With `needed` 1 it is the secret itself. */
export interface Share {
  /** Which set of sheets it is of: 4 bytes. */
  readonly set: Uint8Array;
  readonly needed: number;
  readonly total: number;
  /** Number of the sheet, from 1. */
  readonly sheet: number;
  readonly share: Uint8Array;
}

/** All keys, as an age file under a passphrase: the secret in unpadded base64url. */
export interface Whole {
  readonly set: Uint8Array;
  readonly file: Uint8Array;
}

const VERSION = 1;
const SET_SIZE = 4;
const SUM_SIZE = 4;
const WHOLE_HEAD = 1 + SET_SIZE + 2;

/** The name of a set of sheets, as it is printed. */
export function setName(set: Uint8Array): string {
  return toBase32(set).replace(/^.{4}/, '$&-');
}

export function encodeShare({ set, needed, total, sheet, share }: Share): Uint8Array {
  return withSum(concat(Uint8Array.of(VERSION), set, Uint8Array.of(needed, total, sheet), share));
}

/** Problem `encoding-invalid`; so for the other parser. */
export function parseShare(record: Uint8Array): Share {
  const body = withoutSum(record);
  const [needed = 0, total = 0, sheet = 0] = body.subarray(5, 8);
  const share = body.subarray(8);
  const good = needed >= 1 && needed <= total && sheet >= 1 && sheet <= total;
  if (body[0] !== VERSION || !good || share.length !== (needed === 1 ? 32 : 33)) throw new Problem('encoding-invalid');
  return { set: body.subarray(1, 5), needed, total, sheet, share };
}

export function encodeWhole({ set, file }: Whole): Uint8Array {
  return withSum(concat(Uint8Array.of(VERSION), set, Uint8Array.of(file.length >>> 8, file.length & 0xff), file));
}

export function parseWhole(record: Uint8Array): Whole {
  const body = withoutSum(record);
  if (body[0] !== VERSION || wholeSize(body) !== record.length) throw new Problem('encoding-invalid');
  return { set: body.subarray(1, 5), file: body.subarray(WHOLE_HEAD) };
}

/** Bytes of the record of a whole whose first bytes these are: so many more lines are to come. */
export function wholeSize(start: Uint8Array): number {
  return WHOLE_HEAD + start[5]! * 256 + start[6]! + SUM_SIZE;
}

function withSum(body: Uint8Array): Uint8Array {
  return concat(body, sumOf(body));
}

function withoutSum(record: Uint8Array): Uint8Array {
  const body = record.subarray(0, Math.max(0, record.length - SUM_SIZE));
  if (body.length <= WHOLE_HEAD || !equalBytes(sumOf(body), record.subarray(body.length)))
    throw new Problem('encoding-invalid');
  return body;
}

function sumOf(body: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update('postern/paper/v1\n').update(body).digest()).subarray(0, SUM_SIZE);
}
