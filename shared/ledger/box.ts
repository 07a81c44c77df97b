/** A box: bytes sealed under a secret by ChaCha20-Poly1305, each box under a key of its own, which 32 fresh random bytes make. */
import { concat } from '../bytes/concat.ts';
import type { Random } from '../bytes/random.ts';
import { utf8Encode } from '../bytes/utf8.ts';
import { NONCE_SIZE, TAG_SIZE } from '../crypto/cipher-provider.ts';
import type { CipherProvider } from '../crypto/cipher-provider.ts';
import { hkdfSha256 } from '../crypto/hkdf.ts';
import { Problem } from '../problem/problem.ts';

const SALT_SIZE = 32;
/** How much longer a box is than what is in it. */
export const BOX_OVERHEAD = SALT_SIZE + TAG_SIZE;

/** The nonce is always the same: no two boxes share a key. */
const NONCE = new Uint8Array(NONCE_SIZE);

/** Seals `plaintext`; `info` says what the box is and where it belongs, and opens it nowhere else. */
export async function sealBox(input: {
  readonly secret: Uint8Array;
  readonly info: string;
  readonly plaintext: Uint8Array;
  readonly random: Random;
  readonly provider: CipherProvider;
}): Promise<Uint8Array<ArrayBuffer>> {
  const salt = input.random(SALT_SIZE);
  const key = await hkdfSha256(input.secret, salt, utf8Encode(input.info), 32);
  const sealed = new Uint8Array(input.plaintext.length + TAG_SIZE);
  input.provider.encrypt(key, NONCE, input.plaintext, sealed);
  return concat(salt, sealed);
}

/** What is in a box of this secret and place. Problem `ledger-damaged`. */
export async function openBox(input: {
  readonly secret: Uint8Array;
  readonly info: string;
  readonly box: Uint8Array;
  readonly provider: CipherProvider;
}): Promise<Uint8Array<ArrayBuffer>> {
  if (input.box.length < BOX_OVERHEAD) throw new Problem('ledger-damaged');
  const key = await hkdfSha256(input.secret, input.box.subarray(0, SALT_SIZE), utf8Encode(input.info), 32);
  const plaintext = new Uint8Array(input.box.length - BOX_OVERHEAD);
  if (!input.provider.decrypt(key, NONCE, input.box.subarray(SALT_SIZE), plaintext))
    throw new Problem('ledger-damaged');
  return plaintext;
}
