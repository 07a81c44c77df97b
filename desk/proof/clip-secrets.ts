/**
 * What hides in a commitment all that is not shown: salts that the desk can make again at any time, from its signing key and the nonce of the
 * statement alone, and nobody else can guess. Nothing of them is ever stored.
 */
import { createHash, createHmac } from 'node:crypto';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { hkdfSha256 } from '../../shared/crypto/hkdf.ts';

const CONTEXT = 'postern/clip-secret/v1';

/** The salts of one statement. */
export interface ClipSecrets {
  /** For the parcel id and the root of the seal. */
  readonly parcel: Uint8Array;
  readonly seal: Uint8Array;
  /** For the file with this number. */
  file(index: number): FileSecrets;
}

export interface FileSecrets {
  readonly name: Uint8Array;
  readonly sha256: Uint8Array;
  chunk(index: number): Uint8Array;
}

/** The salts of a statement of this desk. An Ed25519 signature is the same each time, and unknown without the key; of this text none is ever published. */
export async function clipSecrets(desk: SigningKey, parcel: string, nonce: string): Promise<ClipSecrets> {
  const signature = await desk.sign(utf8Encode(`${CONTEXT}\nparcel ${parcel}\nnonce ${nonce}\n`));
  const secret = await hkdfSha256(signature, new Uint8Array(0), utf8Encode(CONTEXT), 32);
  signature.fill(0);
  return {
    parcel: derive(secret, 'parcel'),
    seal: derive(secret, 'seal'),
    file(index) {
      const file = derive(secret, `file ${index}`);
      return {
        name: derive(file, 'name'),
        sha256: derive(file, 'sha256'),
        chunk: (chunk) => derive(file, `chunk ${chunk}`),
      };
    },
  };
}

/** A value under its salt: shows nothing of it, and fits no other. */
export function blinded(salt: Uint8Array, value: Uint8Array): string {
  return createHash('sha256').update(salt).update(value).digest('hex');
}

function derive(key: Uint8Array, label: string): Uint8Array {
  return createHmac('sha256', key).update(label).digest();
}
