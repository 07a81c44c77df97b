/** The length of a text in UTF-8, without keeping the bytes. */

const encoder = new TextEncoder();
const scratch = new Uint8Array(16_384);

/** Bytes that TextEncoder makes of `text`; a lone surrogate counts as U+FFFD, three bytes. */
export function utf8Length(text: string): number {
  if (text.length < 24 && isShortAscii(text)) return text.length;
  let length = 0;
  for (let rest = text; ;) {
    const { read, written } = encoder.encodeInto(rest, scratch);
    length += written;
    if (read >= rest.length) return length;
    rest = rest.slice(read);
  }
}

/** True when every character of `text` is ASCII. */
export function isAscii(text: string): boolean {
  return utf8Length(text) === text.length;
}

/** A loop beats the call into the engine only for short texts, and only where code is compiled. */
function isShortAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}
