/**
 * The progress record of a part: what a browser that goes on after it must know and cannot find out without reading what was sent. It
 * travels with the part, under the list key, bound to the very ciphertext; and it always has the same length.
 */
import type { Random } from '../bytes/random.ts';
import type { CipherProvider } from '../crypto/cipher-provider.ts';
import { openBox, sealBox } from './box.ts';
import { decodeRecord, encodeRecord } from './record-text.ts';
import type { ProgressRecord } from './record-text.ts';

/** A part of a parcel: `sha256` is that of its ciphertext in lower-case hex, as in its statement. */
export interface RecordPlace {
  readonly listKey: Uint8Array;
  readonly parcel: string;
  readonly part: number;
  readonly sha256: string;
  readonly provider: CipherProvider;
}

/** Seals a record; null when it has more to say than fits. */
export async function sealRecord(
  record: ProgressRecord,
  place: RecordPlace & { readonly random: Random },
): Promise<Uint8Array<ArrayBuffer> | null> {
  const plaintext = encodeRecord(record);
  return plaintext === null ? null : sealBox({ ...boxOf(place), plaintext, random: place.random });
}

/** The record that came with exactly this part. Problem `ledger-damaged`. */
export async function openRecord(sealed: Uint8Array, place: RecordPlace): Promise<ProgressRecord> {
  return decodeRecord(await openBox({ ...boxOf(place), box: sealed }));
}

function boxOf({ listKey, parcel, part, sha256, provider }: RecordPlace) {
  return { secret: listKey, info: `postern/ledger/v1/record/${parcel}/${part}/${sha256}`, provider };
}
