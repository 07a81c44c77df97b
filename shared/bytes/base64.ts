/** Base64 (RFC 4648 §4 padded, §5 URL-safe unpadded), strict: only the canonical text of some bytes is taken. */
import { Problem } from '../problem/problem.ts';

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Padded standard base64. */
export function toBase64(bytes: Uint8Array): string {
  const text = encode(bytes, STANDARD);
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

/** URL-safe base64 without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, URL_SAFE);
}

/** The bytes of padded standard base64; `length` is the number of bytes it must have. Problem `encoding-invalid`. */
export function fromBase64(text: string, length?: number): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw new Problem('encoding-invalid');
  const bytes = decode(text.replace(/={1,2}$/, ''), STANDARD);
  if (toBase64(bytes) !== text || (length !== undefined && bytes.length !== length))
    throw new Problem('encoding-invalid');
  return bytes;
}

/** The bytes of URL-safe unpadded base64; `length` is the number of bytes it must have. Problem `encoding-invalid`. */
export function fromBase64Url(text: string, length?: number): Uint8Array<ArrayBuffer> {
  const bytes = decode(text, URL_SAFE);
  if (toBase64Url(bytes) !== text || (length !== undefined && bytes.length !== length))
    throw new Problem('encoding-invalid');
  return bytes;
}

function encode(bytes: Uint8Array, alphabet: string): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = Math.min(4, bytes.length - i + 1);
    for (let d = 0; d < digits; d++) text += alphabet[(group >> (18 - d * 6)) & 63];
  }
  return text;
}

function decode(text: string, alphabet: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let group = 0;
  let bits = 0;
  let at = 0;
  for (const digit of text) {
    const value = alphabet.indexOf(digit);
    if (value < 0) throw new Problem('encoding-invalid');
    group = ((group << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) bytes[at++] = (group >> (bits -= 8)) & 255;
  }
  return bytes;
}
