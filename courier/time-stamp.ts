/** Requests and answers of time-stamping authorities (RFC 3161), as far as form goes: whether an answer is good only the authority's certificate tells. */
import { equalBytes } from '../shared/bytes/equal.ts';
import { utf8Decode } from '../shared/bytes/utf8.ts';
import { der, derNumber, readDer, TAG } from './der.ts';
import type { Element } from './der.ts';

const object = (...bytes: readonly number[]): Uint8Array => der(TAG.object, Uint8Array.from(bytes));
/** 2.16.840.1.101.3.4.2.1 */
const SHA256 = object(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01);
/** 1.2.840.113549.1.7.2 */
const SIGNED_DATA = object(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02);
/** 1.2.840.113549.1.9.16.1.4 */
const TST_INFO = object(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04);
const ONE = derNumber(Uint8Array.of(1));
const TRUE = der(TAG.boolean, Uint8Array.of(0xff));

export const NONCE_LENGTH = 8;

/** A request for a stamp on a SHA-256 hash; the answer is to bring the authority's certificate along. */
export function timeStampRequest(sha256: Uint8Array, nonce: Uint8Array): Uint8Array {
  return der(TAG.sequence, ONE, imprintOf(sha256), derNumber(nonce), TRUE);
}

function imprintOf(sha256: Uint8Array): Uint8Array {
  const algorithm = der(TAG.sequence, SHA256, der(TAG.null));
  return der(TAG.sequence, algorithm, der(TAG.octets, sha256));
}

/** What an answer says. */
export interface TimeStamp {
  /** False: refused, or not yet decided. */
  readonly granted: boolean;
  /** The hash that was stamped; null when it is none by SHA-256, or nothing was. */
  readonly sha256: Uint8Array | null;
  /** `20261124120000Z`; null when nothing was stamped. */
  readonly time: string | null;
  /** The number of the request that it answers, or null. */
  readonly nonce: Uint8Array | null;
}

/** Reads an answer; null when it is not in the form of one. Its signature is not looked at. */
export function readTimeStamp(answer: Uint8Array): TimeStamp | null {
  const [response, ...after] = readDer(answer) ?? [];
  if (response?.tag !== TAG.sequence || after.length > 0) return null;
  const [status, token] = readDer(response.content) ?? [];
  const [code] = childrenOf(status, TAG.sequence);
  if (code?.tag !== TAG.integer || code.content.length !== 1) return null;
  // Granted, or granted with changes.
  const granted = code.content[0]! <= 1;
  if (token === undefined) return granted ? null : { granted, sha256: null, time: null, nonce: null };
  const info = infoIn(token);
  return info === null ? null : { granted, ...info };
}

/** TSTInfo inside ContentInfo, SignedData and EncapsulatedContentInfo. */
function infoIn(token: Element): Omit<TimeStamp, 'granted'> | null {
  const [type, content] = childrenOf(token, TAG.sequence);
  if (type === undefined || !equalBytes(type.whole, SIGNED_DATA)) return null;
  const [signed] = childrenOf(content, TAG.zero);
  const [, , encapsulated] = childrenOf(signed, TAG.sequence);
  const [innerType, inner] = childrenOf(encapsulated, TAG.sequence);
  if (innerType === undefined || !equalBytes(innerType.whole, TST_INFO)) return null;
  const [octets] = childrenOf(inner, TAG.zero);
  const [info] = octets?.tag === TAG.octets ? (readDer(octets.content) ?? []) : [];
  const [, , imprint, , time, ...more] = childrenOf(info, TAG.sequence);
  if (imprint === undefined || time?.tag !== TAG.time) return null;
  const nonce = more.find(({ tag }) => tag === TAG.integer)?.whole ?? null;
  return { sha256: hashIn(imprint), time: timeIn(time.content), nonce };
}

function hashIn(imprint: Element): Uint8Array | null {
  const [algorithm, hash] = childrenOf(imprint, TAG.sequence);
  const [name] = childrenOf(algorithm, TAG.sequence);
  const isOurs = name !== undefined && equalBytes(name.whole, SHA256) && hash?.content.length === 32;
  return isOurs ? hash.content : null;
}

function timeIn(content: Uint8Array): string | null {
  const text = content.length <= 30 ? utf8Decode(content) : '';
  return /^\d{14}(?:\.\d{1,9})?Z$/.test(text) ? text : null;
}

function childrenOf(element: Element | undefined, tag: number): readonly Element[] {
  return element?.tag === tag ? (readDer(element.content) ?? []) : [];
}

/** The number in a request that we wrote, as it stands in an answer to it; null for any other bytes. */
export function nonceIn(request: Uint8Array): Uint8Array | null {
  const [whole] = readDer(request) ?? [];
  return childrenOf(whole, TAG.sequence)[2]?.whole ?? null;
}
