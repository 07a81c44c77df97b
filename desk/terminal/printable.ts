/** Untrusted text made safe for a terminal: control characters and those that turn the reading direction are shown, not obeyed. */

// Controls, line and paragraph separators, bidirectional marks, zero-width and interlinear marks, tag characters, surrogates and the odd blank
// letters; joiners between letters (U+200C, U+200D) are kept because Persian words and emoji need them.
const UNSAFE =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- these are exactly what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line of printable text: `\n`, `\x1b`, `\u{202e}` stand for what was there; a backslash is doubled so that nothing is ambiguous. */
export function printable(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(UNSAFE, (character) => NAMED[character] ?? escapeCode(character.codePointAt(0)!));
}

/** As `printable`, cut to at most `length` characters with an ellipsis. */
export function printableStart(text: string, length: number): string {
  const characters = Array.from(text.slice(0, length * 2 + 2));
  const cut = characters.length > length;
  return printable(cut ? characters.slice(0, length - 1).join('') : characters.join('')) + (cut ? '…' : '');
}

/** JSON text, as JSON.stringify writes it, in which no string can steer a terminal either; it means the same. */
export function printableJson(json: string): string {
  return json.replaceAll(UNSAFE, (character) => (character === '\n' ? character : jsonEscape(character)));
}

function jsonEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

function escapeCode(code: number): string {
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}
