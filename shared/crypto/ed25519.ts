/** Ed25519 (RFC 8032 §5.1) by WebCrypto: key pairs from a seed, signatures, and their checking. */
import { concat } from '../bytes/concat.ts';
import { fromBase64Url } from '../bytes/base64.ts';
import { fromHex } from '../bytes/hex.ts';
import { Problem } from '../problem/problem.ts';

/** Bytes of a seed (RFC 8032 §5.1.5) and of a public key. */
export const ED25519_KEY_SIZE = 32;
/** Bytes of a signature (RFC 8032 §5.1.6). */
export const ED25519_SIGNATURE_SIZE = 64;

/** All of a PKCS #8 private key (RFC 8410 §7) that comes before its 32-byte seed. */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

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

/** True when `signature` is one of `message` by `publicKey` (RFC 8032 §5.1.7). Never throws: junk is false. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== ED25519_KEY_SIZE || signature.length !== ED25519_SIGNATURE_SIZE) return false;
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature, message);
  } catch {
    // Not a point of the curve.
    return false;
  }
}
