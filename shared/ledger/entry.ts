/** An entry: path, size and time of one file, sealed under the key of its content, filled up so that its length hardly tells the path's. */
import { utf8Decode, utf8Encode } from '../bytes/utf8.ts';
import { NONCE_SIZE, TAG_SIZE } from '../crypto/cipher-provider.ts';
import type { CipherProvider } from '../crypto/cipher-provider.ts';
import { hkdfSha256 } from '../crypto/hkdf.ts';
import { Problem } from '../problem/problem.ts';

/** A file as it was chosen: relative `/`-separated path without NUL, bytes, milliseconds since 1970. */
export interface LedgerFile {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/** Bytes of the plaintext of an entry of class 0; each class has twice as many as the one before. */
const SMALLEST = 96;
/** The highest class: 6,144 bytes, more than the longest path needs. */
export const MAX_ENTRY_CLASS = 6;

/** Bytes of a sealed entry of a class. */
export function entryLength(entryClass: number): number {
  return SMALLEST * 2 ** entryClass + TAG_SIZE;
}

/** The class of a sealed entry of so many bytes. */
export function entryClass(length: number): number {
  return Math.log2((length - TAG_SIZE) / SMALLEST);
}

/** What an entry is about: the file's key, its place in the list and the parcel. */
export interface EntryPlace {
  readonly key: Uint8Array;
  readonly index: number;
  readonly parcel: string;
  readonly provider: CipherProvider;
}

/** Seals an entry. Problem `limit-exceeded` when the path is longer than any path of a parcel. */
export async function sealEntry(file: LedgerFile, place: EntryPlace): Promise<Uint8Array<ArrayBuffer>> {
  const text = utf8Encode(`${file.size} ${file.modified} ${file.path}`);
  let length = SMALLEST;
  while (length < text.length) length *= 2;
  if (length > SMALLEST * 2 ** MAX_ENTRY_CLASS) throw new Problem('limit-exceeded');
  const plaintext = new Uint8Array(length);
  plaintext.set(text);
  const sealed = new Uint8Array(length + TAG_SIZE);
  place.provider.encrypt(await keyOf(place), nonceOf(place.index), plaintext, sealed);
  return sealed;
}

/** The file of an entry. Problem `ledger-damaged` when it is not one of this key, place and parcel. */
export async function openEntry(sealed: Uint8Array, place: EntryPlace): Promise<LedgerFile> {
  const plaintext = new Uint8Array(Math.max(0, sealed.length - TAG_SIZE));
  if (sealed.length < TAG_SIZE || !place.provider.decrypt(await keyOf(place), nonceOf(place.index), sealed, plaintext))
    throw new Problem('ledger-damaged');
  const end = plaintext.indexOf(0);
  const rest = end < 0 ? plaintext.subarray(plaintext.length) : plaintext.subarray(end);
  if (rest.some((byte) => byte !== 0)) throw new Problem('ledger-damaged');
  return readFile(plaintext.subarray(0, plaintext.length - rest.length));
}

function readFile(bytes: Uint8Array): LedgerFile {
  const found = /^(0|[1-9][0-9]{0,15}) (0|-?[1-9][0-9]{0,15}) (.+)$/su.exec(utf8Decode(bytes));
  const [size, modified, path] = [Number(found?.[1]), Number(found?.[2]), found?.[3]];
  if (path === undefined || !Number.isSafeInteger(size) || !Number.isSafeInteger(modified))
    throw new Problem('ledger-damaged');
  return { path, size, modified };
}

/** Not the file's key itself: the keys of a list are bound to each other by the parity sums, these are not. */
function keyOf({ key, parcel }: EntryPlace): Promise<Uint8Array> {
  return hkdfSha256(key, new Uint8Array(0), utf8Encode(`postern/ledger/v1/entry/${parcel}`), 32);
}

/** Equal files share a key; so the place in the list makes the nonce. */
function nonceOf(index: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_SIZE);
  new DataView(nonce.buffer).setUint32(NONCE_SIZE - 4, index);
  return nonce;
}
