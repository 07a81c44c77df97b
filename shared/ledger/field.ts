/** Whole numbers modulo the prime 2^255 - 19, in which file keys are added up: see parity.ts. */

/** Larger than any 32-byte key's half, and prime, so that every number but zero has an inverse. */
export const PRIME = 2n ** 255n - 19n;

/** `value` modulo the prime, not below zero. */
export function reduce(value: bigint): bigint {
  const rest = value % PRIME;
  return rest < 0n ? rest + PRIME : rest;
}

/** The number that bytes are, big-endian, modulo the prime. */
export function toElement(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let value = 0n;
  for (let at = 0; at < bytes.length; at += 8) value = (value << 64n) | view.getBigUint64(at);
  return reduce(value);
}

/** A number below the prime as 32 bytes, big-endian. */
export function fromElement(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let at = 24, rest = value; at >= 0; at -= 8, rest >>= 64n) view.setBigUint64(at, BigInt.asUintN(64, rest));
  return bytes;
}

/** What `value` must be multiplied with to give 1: value^(p - 2), by Fermat. */
export function inverse(value: bigint): bigint {
  let result = 1n;
  let power = reduce(value);
  for (let exponent = PRIME - 2n; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = (result * power) % PRIME;
    power = (power * power) % PRIME;
  }
  return result;
}
