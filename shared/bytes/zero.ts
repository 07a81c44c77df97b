/** Seeing whether bytes are all zero, a word at a time. */

/** True when every byte is zero, and for no bytes at all. */
export function isZero(bytes: Uint8Array): boolean {
  const head = Math.min(bytes.length, -bytes.byteOffset & 3);
  const words = (bytes.length - head) >>> 2;
  const start = words === 0 ? 0 : bytes.byteOffset + head;
  let sum = 0;
  for (let i = 0; i < head; i++) sum |= bytes[i]!;
  if (sum !== 0) return false;
  const view = new Uint32Array(bytes.buffer, start, words);
  for (let i = 0; i < words; i++) if (view[i] !== 0) return false;
  for (let i = head + 4 * words; i < bytes.length; i++) sum |= bytes[i]!;
  return sum === 0;
}
