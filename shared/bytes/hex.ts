/** Lower-case hexadecimal (RFC 4648 §8, in lower case), strict: what does not encode back to itself is refused. */
import { Problem } from '../problem/problem.ts';

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Two lower-case digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += DIGITS[byte];
  return text;
}

/** The bytes of a lower-case hexadecimal text; `length` is the number of bytes it must have. Problem `encoding-invalid`. */
export function fromHex(text: string, length?: number): Uint8Array<ArrayBuffer> {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Problem('encoding-invalid');
  if (length !== undefined && text.length !== length * 2) throw new Problem('encoding-invalid');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}
