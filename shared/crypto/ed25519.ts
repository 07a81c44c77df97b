/** Ed25519 (RFC 8032 §5.1) by WebCrypto: key pairs from a seed, signatures, and their checking. */
import { concat } from '../bytes/concat.ts';
import { fromBase64Url } from '../bytes/base64.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { Problem } from '../problem/problem.ts';

/** Bytes of a seed (RFC 8032 §5.1.5) and of a public key. */
export const ED25519_KEY_SIZE = 32;
/** Bytes of a signature (RFC 8032 §5.1.6). */
export const ED25519_SIGNATURE_SIZE = 64;

/** All of a PKCS #8 private key (RFC 8410 §7) that comes before its 32-byte seed. */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

/**
 * The y coordinates, sign bit cleared, of public keys of small order (RFC 8032 §5.1.3 decodes them): 0, 1, -1, the two of order 8,
 * and 0 and 1 written as p and p + 1. Under such a key a signature that fits every message is easily made, and the platforms
 * do not agree on refusing it.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** A private key that can sign and can not be read out again. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The 64-byte signature of `message`. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** The key pair of a 32-byte seed. WebCrypto keeps the private half and does not give it back. Problem `internal` on another length. */
export async function ed25519FromSeed(seed: Uint8Array): Promise<SigningKey> {
  if (seed.length !== ED25519_KEY_SIZE) throw new Problem('internal');
  const pkcs8 = concat(PKCS8_PREFIX, seed);
  // WebCrypto tells the public half of a private key only by exporting the whole; so once readable, then for good not.
  const readable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', readable);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  pkcs8.fill(0);
  if (typeof x !== 'string') throw new Problem('internal');
  return {
    publicKey: fromBase64Url(x, ED25519_KEY_SIZE),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, message)),
  };
}

/** True when `signature` is one of `message` by `publicKey` (RFC 8032 §5.1.7). Never throws: junk, and a key of small order, is false. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== ED25519_KEY_SIZE || signature.length !== ED25519_SIGNATURE_SIZE) return false;
  if (hasSmallOrder(publicKey)) return false;
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature, message);
  } catch {
    // Not a point of the curve.
    return false;
  }
}

function hasSmallOrder(publicKey: Uint8Array): boolean {
  const y = publicKey.slice();
  y[31]! &= 0x7f;
  return SMALL_ORDER.has(toHex(y));
}

const P = 2n ** 255n - 19n;
/** The constant d of the curve (RFC 8032 §5.1). */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** True when 32 bytes decode to a point of the curve (RFC 8032 §5.1.3) that is not of small order: only then somebody can sign with its key. */
export function isEd25519Point(publicKey: Uint8Array): boolean {
  if (publicKey.length !== ED25519_KEY_SIZE || hasSmallOrder(publicKey)) return false;
  const bytes = publicKey.slice().reverse();
  bytes[0]! &= 0x7f;
  const y = BigInt(`0x${toHex(bytes)}`);
  if (y >= P) return false;
  // x² = (y² - 1) / (d y² + 1) has a root when its power by (p - 1) / 2 is 1; a quotient and a product are squares together.
  const square = y * y;
  return power((square - 1n) * (D * square + 1n), (P - 1n) / 2n) === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let factor = ((base % P) + P) % P, rest = exponent; rest > 0n; rest >>= 1n, factor = (factor * factor) % P)
    if (rest & 1n) result = (result * factor) % P;
  return result;
}
