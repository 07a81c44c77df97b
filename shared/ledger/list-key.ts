/** The key that only who has the codename and the keys of all files has: it opens what follows from the whole list. */
import { utf8Encode } from '../bytes/utf8.ts';
import { hkdfSha256 } from '../crypto/hkdf.ts';
import { sha256 } from '../crypto/sha256.ts';
import { FILE_KEY_BYTES } from './file-key.ts';

/** 32 bytes; `keys` are those of all files, in the order of the list, equal ones included. */
export async function listKey(input: {
  readonly ledgerKey: Uint8Array;
  readonly parcel: string;
  readonly keys: readonly Uint8Array[];
}): Promise<Uint8Array> {
  const { ledgerKey, parcel, keys } = input;
  const joined = new Uint8Array(keys.length * FILE_KEY_BYTES);
  keys.forEach((key, i) => joined.set(key, i * FILE_KEY_BYTES));
  return hkdfSha256(ledgerKey, await sha256(joined), utf8Encode(`postern/ledger/v1/list/${parcel}`), 32);
}
