/** UTF-8 (RFC 3629) both ways, strict on the way in. */
import { Problem } from '../problem/problem.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of a text. Lone surrogates become U+FFFD; refuse them before where that matters. */
export function utf8Encode(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** The text of UTF-8 bytes, a byte order mark kept as it is. Problem `encoding-invalid` on anything else. */
export function utf8Decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Problem('encoding-invalid');
  }
}
