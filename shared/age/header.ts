/** The header of an age file (age-encryption.org/v1, "Header"): made and opened by age-encryption, cut and judged here. */
import { Decrypter, Encrypter } from 'age-encryption';
import { Problem } from '../problem/problem.ts';
import { checkIdentity } from './identity.ts';
import { commonKind } from './recipients.ts';
import type { AgeKind } from './recipients.ts';

/** Bytes of a file key (age-encryption.org/v1, "File key"). */
export const FILE_KEY_SIZE = 16;
/** The longest header that is read: some forty hybrid recipients. */
export const MAX_HEADER_SIZE = 64 * 1024;

/** An empty payload after a header: its nonce and one empty chunk, that is, a tag. */
const EMPTY_PAYLOAD_SIZE = 16 + 16;
const NEWLINE = 0x0a;
const DASH = 0x2d;

/** A fresh file key and the header that gives it to every recipient. Problem `recipient-invalid` on none, junk or mixed kinds. */
export async function createHeader(
  recipients: readonly string[],
): Promise<{ fileKey: Uint8Array; header: Uint8Array }> {
  commonKind(recipients);
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  let fileKey: Uint8Array | undefined;
  // age-encryption draws the file key itself and shows it to recipients alone: one that adds no stanza keeps it for us.
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = key.slice();
      return [];
    },
  });
  const file = await encrypter.encrypt(new Uint8Array(0));
  if (fileKey?.length !== FILE_KEY_SIZE) throw new Problem('internal');
  return { fileKey, header: file.subarray(0, file.length - EMPTY_PAYLOAD_SIZE) };
}

/** The length in bytes of every header to so many recipients of this kind: a header is as long as its stanzas make it. */
export function headerSize(kind: AgeKind, recipients: number): number {
  const version = 'age-encryption.org/v1\n'.length;
  const argument = kind === 'hybrid' ? '-> mlkem768x25519 '.length + 1494 : '-> X25519 '.length + 43;
  const stanza = argument + 1 + 43 + 1;
  return version + recipients * stanza + '--- '.length + 43 + 1;
}

/**
 * The file key of `file` (which may be cut off anywhere after its header) and where its payload starts.
 * Null: in order as far as can be seen, but for none of these identities.
 * Problem `age-header-damaged`: no header, too long a one, or for us and broken. Problem `identity-invalid`.
 */
export async function openHeader(
  file: Uint8Array,
  identities: readonly string[],
): Promise<{ fileKey: Uint8Array; headerLength: number } | null> {
  const decrypter = new Decrypter();
  for (const identity of identities) {
    checkIdentity(identity);
    decrypter.addIdentity(identity);
  }
  let noneMatched = false;
  // Identities are asked in turn, so the last one is asked only when the header reads well and no other one knew a stanza.
  decrypter.addIdentity({
    unwrapFileKey() {
      noneMatched = true;
      return null;
    },
  });
  const headerLength = findHeaderEnd(file);
  try {
    const fileKey = await decrypter.decryptHeader(file.subarray(0, headerLength));
    if (fileKey.length === FILE_KEY_SIZE) return { fileKey, headerLength };
  } catch {
    if (noneMatched) return null;
  }
  throw new Problem('age-header-damaged');
}

/** Just after the first line that starts with three dashes: the MAC line; no other line of a header can start so. */
function findHeaderEnd(file: Uint8Array): number {
  const head = file.subarray(0, MAX_HEADER_SIZE);
  for (let start = 0; ;) {
    const end = head.indexOf(NEWLINE, start) + 1;
    if (end === 0) throw new Problem('age-header-damaged');
    if (head[start] === DASH && head[start + 1] === DASH && head[start + 2] === DASH) return end;
    start = end;
  }
}
