/** An entry: path, size, time and, of a small one, hash of one file, sealed under the key of its content, filled up so that its length hardly tells the path's. */
import { fromBase64Url, toBase64Url } from '../bytes/base64.ts';
import { utf8Decode, utf8Encode } from '../bytes/utf8.ts';
import { isZero } from '../bytes/zero.ts';
import { NONCE_SIZE, TAG_SIZE } from '../crypto/cipher-provider.ts';
import type { CipherProvider } from '../crypto/cipher-provider.ts';
import { hkdfSha256Sync } from '../crypto/hkdf-sync.ts';
import { Problem } from '../problem/problem.ts';
import { SAMPLED } from './sampling.ts';

/** A file as it was chosen: relative `/`-separated path without NUL, bytes, milliseconds since 1970. */
export interface LedgerFile {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  /**
   * SHA-256 of a file of at most SAMPLED bytes, whose hash no progress record holds: it may have been sent, and be chosen no more. Null
   * for a larger one.
   */
  readonly sha256: Uint8Array | null;
}

/** Bytes of the plaintext of an entry of class 0; each class has twice as many as the one before. */
const SMALLEST = 128;
/** The highest class: 4,096 bytes, enough for the longest path. */
export const MAX_ENTRY_CLASS = 5;

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
  if (file.size <= SAMPLED !== (file.sha256 !== null) || file.path.includes('\0')) throw new Problem('internal');
  const hash = file.sha256 === null ? '-' : toBase64Url(file.sha256);
  const text = utf8Encode(`${file.size} ${file.modified} ${hash} ${file.path}`);
  const length = filledLength(text.length);
  const plaintext = new Uint8Array(length);
  plaintext.set(text);
  const sealed = new Uint8Array(length + TAG_SIZE);
  place.provider.encrypt(keyOf(place), nonceOf(place.index), plaintext, sealed);
  return sealed;
}

/** The file of an entry. Problem `ledger-damaged` when it is not one of this key, place and parcel. */
export async function openEntry(sealed: Uint8Array, place: EntryPlace): Promise<LedgerFile> {
  const plaintext = new Uint8Array(Math.max(0, sealed.length - TAG_SIZE));
  if (sealed.length < TAG_SIZE || !place.provider.decrypt(keyOf(place), nonceOf(place.index), sealed, plaintext))
    throw new Problem('ledger-damaged');
  const end = plaintext.indexOf(0);
  const text = plaintext.subarray(0, end < 0 ? plaintext.length : end);
  if (filledLength(text.length) !== plaintext.length || !isZero(plaintext.subarray(text.length)))
    throw new Problem('ledger-damaged');
  return readFile(text);
}

function filledLength(textLength: number): number {
  let length = SMALLEST;
  while (length < textLength) length *= 2;
  if (length > SMALLEST * 2 ** MAX_ENTRY_CLASS) throw new Problem('limit-exceeded');
  return length;
}

function readFile(bytes: Uint8Array): LedgerFile {
  const form = /^(0|[1-9][0-9]{0,15}) (0|-?[1-9][0-9]{0,15}) (-|[A-Za-z0-9_-]{43}) (.+)$/su;
  const [, size, modified, hash, path] = form.exec(decoded(() => utf8Decode(bytes))) ?? [];
  if (path === undefined || hash === undefined) throw new Problem('ledger-damaged');
  const sha256 = hash === '-' ? null : decoded(() => fromBase64Url(hash, 32));
  const file = { path, size: Number(size), modified: Number(modified), sha256 };
  const good = Number.isSafeInteger(file.size) && Number.isSafeInteger(file.modified);
  if (!good || file.size <= SAMPLED !== (sha256 !== null)) throw new Problem('ledger-damaged');
  return file;
}

function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch {
    throw new Problem('ledger-damaged');
  }
}

/** Not the file's key itself: the keys of a list are bound to each other by the parity sums, these are not. */
function keyOf({ key, parcel }: EntryPlace): Uint8Array {
  return hkdfSha256Sync(key, new Uint8Array(0), utf8Encode(`postern/ledger/v1/entry/${parcel}`), 32);
}

/** Equal files share a key; so the place in the list makes the nonce. */
function nonceOf(index: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_SIZE);
  new DataView(nonce.buffer).setUint32(NONCE_SIZE - 4, index);
  return nonce;
}
