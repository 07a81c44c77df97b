/** Fingerprints of keys as the desk shows them: words, of the first half of a SHA-256. For the root key it is the number that the page shows in digits. */
import { createHash } from 'node:crypto';
import { FINGERPRINT_SIZE, fingerprintWords } from '../../shared/codename/fingerprint-words.ts';

/** The words of a public key's bytes, or of the text of a recipient or a note. */
export function wordsOf(key: Uint8Array | string): string {
  return fingerprintWords(new Uint8Array(createHash('sha256').update(key).digest()).subarray(0, FINGERPRINT_SIZE));
}
