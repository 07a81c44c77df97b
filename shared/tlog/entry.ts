/** What stands in the log for a receipt: a commitment that nobody can tell from random bytes, or tie to the receipt, without its blinding. */
import { concat } from '../bytes/concat.ts';
import { utf8Encode } from '../bytes/utf8.ts';
import { sha256 } from '../crypto/sha256.ts';

export const BLINDING_LENGTH = 32;
export const ENTRY_LENGTH = 32;

const CONTEXT = utf8Encode('postern/log-entry/v1\n');

/** The entry of a receipt's note under a blinding of 32 random bytes. */
export function receiptEntry(blinding: Uint8Array, receipt: string): Promise<Uint8Array> {
  return sha256(concat(CONTEXT, blinding, utf8Encode(receipt)));
}
