/** What a file is known by when it is chosen again: a hash of its size and of the bytes that are sampled. */
import { concat } from '../bytes/concat.ts';
import { utf8Encode } from '../bytes/utf8.ts';
import { manySha256 } from '../crypto/many-sha256.ts';

const CONTEXT = utf8Encode('postern/ledger/v1/fingerprint');

/**
 * 32 bytes for a file of `size` bytes; `samples` are the bytes of sampleRanges(size), joined. It is the secret that opens the file's
 * entry to who has the ledger key too, so it must not leave the browser.
 */
export function fingerprint(size: number, samples: Uint8Array): Promise<Uint8Array> {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(size));
  return manySha256(concat(CONTEXT, length, samples));
}
