/** Which characters the bytes of a text stand for: by its mark, by what is valid, else a guess that the person can change. */

export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'koi8-r',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-jp',
  'euc-kr',
] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface Guess {
  readonly encoding: Encoding;
  readonly sure: boolean;
}

/** Looks at the first bytes of a file. */
export function guessEncoding(head: Uint8Array): Guess {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', sure: true };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', sure: true };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', sure: true };
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at++) if (head[at] === 0) zeros[at % 2]!++;
  // Letters of most scripts have a zero in one half of each pair, and hardly ever in the other.
  if (zeros[1]! > head.length / 8 && zeros[0]! < zeros[1]! / 4) return { encoding: 'utf-16le', sure: false };
  if (zeros[0]! > head.length / 8 && zeros[1]! < zeros[0]! / 4) return { encoding: 'utf-16be', sure: false };
  if (isUtf8(head)) return { encoding: 'utf-8', sure: false };
  return { encoding: mostlyHigh(head) ? 'windows-1251' : 'windows-1252', sure: false };
}

/** The text of bytes cut out of a file: half a character at the beginning or at the end is left out. */
export function decodeText(bytes: Uint8Array, encoding: Encoding, atStart: boolean): string {
  const decoder = new TextDecoder(encoding, { fatal: false, ignoreBOM: false });
  const whole = atStart || encoding !== 'utf-8' ? bytes : bytes.subarray(continuations(bytes));
  // `stream` keeps back what is not complete; nothing follows, so that is the half at the end.
  return decoder.decode(whole, { stream: true });
}

function continuations(bytes: Uint8Array): number {
  let at = 0;
  while (at < 3 && at < bytes.length && (bytes[at]! & 0xc0) === 0x80) at++;
  return at;
}

function isUtf8(head: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Cyrillic in one byte a letter: most letters lie above 0xC0, where Western text has few. */
function mostlyHigh(head: Uint8Array): boolean {
  let [high, low] = [0, 0];
  for (const byte of head) {
    if (byte >= 0xc0) high++;
    else if ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)) low++;
  }
  return high > low;
}
