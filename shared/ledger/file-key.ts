/** The two things a ledger holds of a file's content: a tag to find its entry by, and a key that opens it. Both need codename and file. */
import { utf8Encode } from '../bytes/utf8.ts';
import { hkdfSha256Sync } from '../crypto/hkdf-sync.ts';
import { fromElement, toElement } from './field.ts';

/** Bytes of a tag. */
export const TAG_BYTES = 16;
/** Bytes of a file's key: a number below the prime of field.ts, big-endian. */
export const FILE_KEY_BYTES = 32;

/** Files of equal size and equal samples have equal tags and keys. */
export interface FileKey {
  /** 16 bytes. */
  readonly tag: Uint8Array;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** Tag and key of the file with this fingerprint in the ledger of this parcel. */
export async function fileKey(input: {
  readonly ledgerKey: Uint8Array;
  readonly parcel: string;
  readonly fingerprint: Uint8Array;
}): Promise<FileKey> {
  const { ledgerKey, parcel, fingerprint } = input;
  const info = utf8Encode(`postern/ledger/v1/file/${parcel}`);
  const bytes = hkdfSha256Sync(ledgerKey, fingerprint, info, TAG_BYTES + FILE_KEY_BYTES);
  // The field holds a little less than half of all 32-byte numbers; folding them into it favours none by more than 2^-250.
  return { tag: bytes.subarray(0, TAG_BYTES), key: fromElement(toElement(bytes.subarray(TAG_BYTES))) };
}
