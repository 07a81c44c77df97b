/** RFC 3161 for a report: the request that is carried to a time-stamping authority, and a look at the form of the answer that comes back. */

/** DER of SHA-256's algorithm identifier. */
const SHA256_ALGORITHM = Buffer.from('300d06096086480165030402010500', 'hex');
/** The largest answer that is taken: certificates of the authority may be in it. */
export const MAX_ANSWER = 1_048_576;

/** A request for a time stamp over a SHA-256, with `nonce` (8 bytes) against replay, asking for the authority's certificates. */
export function timeStampRequest(sha256: Uint8Array, nonce: Uint8Array): Uint8Array {
  // Positive and without a leading zero byte, as DER wants a number.
  const number = Buffer.from(nonce);
  number[0] = (number[0]! & 0x3f) | 0x40;
  return der(0x30, der(0x02, Buffer.of(1)), imprint(sha256), der(0x02, number), der(0x01, Buffer.of(0xff)));
}

/**
 * True when `answer` has the form of a granted answer over this hash. Whether a trusted authority gave it is for `openssl ts -verify`, since
 * only who asks knows whom to trust.
 */
export function answersRequest(answer: Uint8Array, sha256: Uint8Array): boolean {
  const outer = sequence(answer, 0);
  if (outer === null || outer.end !== answer.length) return false;
  const status = sequence(answer, outer.start);
  if (status === null) return false;
  const granted =
    answer[status.start] === 0x02 && answer[status.start + 1] === 1 && (answer[status.start + 2] ?? 9) <= 1;
  return granted && status.end < outer.end && Buffer.from(answer).includes(imprint(sha256));
}

function imprint(sha256: Uint8Array): Buffer {
  return der(0x30, SHA256_ALGORITHM, der(0x04, sha256));
}

/** A value of up to 127 bytes, which is all that a request needs. */
function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.of(tag, body.length), body]);
}

/** Where the content of the sequence at `at` begins and ends; null when there is none whole. */
function sequence(bytes: Uint8Array, at: number): { start: number; end: number } | null {
  const first = bytes[at + 1];
  if (bytes[at] !== 0x30 || first === undefined) return null;
  const more = first < 0x80 ? 0 : first - 0x80;
  if (more > 4 || (first >= 0x80 && more === 0)) return null;
  let length = more === 0 ? first : 0;
  for (let i = 0; i < more; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  const start = at + 2 + more;
  return start + length <= bytes.length ? { start, end: start + length } : null;
}
