/** A fingerprint in words, for comparing by voice: ten words of the codename's list, another spelling of the same 128 bits. */
import { Problem } from '../problem/problem.ts';
import { CODENAME_WORDS } from './words.ts';

/** Words with a hyphen are left out, as in a codename: by voice "yo-yo" cannot be told from "yoyo". */
const WORDS = CODENAME_WORDS.filter((word) => !word.includes('-'));
/** 7,772 words to the tenth are more than 2^129. */
const COUNT = 10;
/** Bytes of a fingerprint. */
export const FINGERPRINT_SIZE = 16;

/** The ten words of 16 bytes: the bytes as one number, big-endian, in base 7,772, its highest digit first. Problem `internal` on another length. */
export function fingerprintWords(bytes: Uint8Array): string {
  if (bytes.length !== FINGERPRINT_SIZE) throw new Problem('internal');
  let rest = bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
  const words: string[] = [];
  while (words.length < COUNT) {
    words.unshift(WORDS[Number(rest % BigInt(WORDS.length))]!);
    rest /= BigInt(WORDS.length);
  }
  return words.join(' ');
}
