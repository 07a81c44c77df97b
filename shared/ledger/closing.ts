/** The closing of a head, sealed under the list key: what must be known of the message to go on without it. */
import type { Random } from '../bytes/random.ts';
import type { CipherProvider } from '../crypto/cipher-provider.ts';
import { Problem } from '../problem/problem.ts';
import { BOX_OVERHEAD, openBox, sealBox } from './box.ts';

/** Bytes of `data/message.txt` and their 32-byte SHA-256. The words themselves are not kept. */
export interface ClosingMessage {
  readonly size: number;
  readonly sha256: Uint8Array;
}

/** 0 without a message, 1 with one; then its size, 8 bytes big-endian; then its hash. Without one all of it is zeros. */
const TEXT_BYTES = 1 + 8 + 32;
/** Bytes of a closing, the same with and without a message. */
export const CLOSING_BYTES = TEXT_BYTES + BOX_OVERHEAD;

interface Place {
  readonly listKey: Uint8Array;
  readonly parcel: string;
  readonly provider: CipherProvider;
}

/** Seals a closing. */
export function sealClosing(
  message: ClosingMessage | null,
  place: Place & { readonly random: Random },
): Promise<Uint8Array<ArrayBuffer>> {
  const plaintext = new Uint8Array(TEXT_BYTES);
  if (message !== null) {
    plaintext[0] = 1;
    new DataView(plaintext.buffer).setBigUint64(1, BigInt(message.size));
    plaintext.set(message.sha256, 9);
  }
  return sealBox({ ...boxOf(place), plaintext, random: place.random });
}

/** What a closing says of the message; null when there is none. Problem `ledger-damaged`. */
export async function openClosing(closing: Uint8Array, place: Place): Promise<ClosingMessage | null> {
  const text = await openBox({ ...boxOf(place), box: closing });
  const size = Number(new DataView(text.buffer).getBigUint64(1));
  const sha256 = text.subarray(9);
  const empty = text.every((byte) => byte === 0);
  if (!empty && (text[0] !== 1 || !Number.isSafeInteger(size))) throw new Problem('ledger-damaged');
  return empty ? null : { size, sha256 };
}

function boxOf({ listKey, parcel, provider }: Place) {
  return { secret: listKey, info: `postern/ledger/v1/closing/${parcel}`, provider };
}
