/** Finds the characters in a stranger's text that cannot be seen or that turn it around, so that each can be shown by its number. */

/** Never legible in a name: controls, breaks, all marks of direction, what has no width, tags, halves of a character. */
const IN_NAMES =
  // oxlint-disable-next-line no-control-regex -- these are exactly what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e0fff}]/gu;

/** In a running text lines break, tabs stand, and people who write from right to left set its weak marks. */
const IN_TEXTS =
  // oxlint-disable-next-line no-control-regex -- these are exactly what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u180e\u200b\u2028-\u202e\u2060-\u206f\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e0fff}]/gu;

export interface Piece {
  readonly text: string;
  /** True for one character that is shown by its number. */
  readonly odd: boolean;
}

/** Cuts a text into what is shown as it stands and the numbers of what is not: `U+202E`. */
export function piecesOf(text: string, where: 'name' | 'text'): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(where === 'name' ? IN_NAMES : IN_TEXTS)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), odd: false });
    pieces.push({ text: numberOf(match[0]), odd: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), odd: false });
  return pieces;
}

/** A name in one line of text, for labels that cannot hold elements: odd characters as `[U+202E]`, isolated from what stands around. */
export function nameText(name: string): string {
  const inside = piecesOf(name, 'name').map(({ text, odd }) => (odd ? `[${text}]` : text));
  return `\u2068${inside.join('')}\u2069`;
}

function numberOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
