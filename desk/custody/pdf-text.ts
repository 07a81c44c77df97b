/**
 * Names as the font of the PDF can set them: what it has no sign for stands as an escape, and each stretch of a script that runs from right to
 * left is shaped and ordered by itself, where it stands. The layout engine alone would turn a whole word around, its ending and digits too.
 */

/** The part of fontkit's fonts that is used here. */
export interface Font {
  hasGlyphForCodePoint(code: number): boolean;
  layout(text: string, features?: unknown, script?: string, language?: string, direction?: string): Run;
}

interface Run {
  readonly glyphs: readonly unknown[];
  readonly positions: readonly { readonly xAdvance: number }[];
  readonly advanceWidth: number;
}

const SCRIPTS = String.raw`\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Nko}\u0640\u060c\u061b\u061f`;
// Their digits run from left to right.
const LETTER = String.raw`[[${SCRIPTS}]--\p{Nd}]`;
const INSIDE = String.raw`[[${SCRIPTS}\p{M}\u200c\u200d]--\p{Nd}]`;
/** Words of such a script, with single blanks between them. */
const WORDS = new RegExp(`${LETTER}${INSIDE}*(?: ${LETTER}${INSIDE}*)+`, 'gv');
const STRETCH = new RegExp(`(${LETTER}${INSIDE}*)`, 'v');

/** The text with escapes for what `font` lacks, and with words that run from right to left in the order in which they are set from the left. */
export function settable(text: string, font: Font): string {
  const shown = Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    return font.hasGlyphForCodePoint(code) || character === '\n' ? character : `\\u{${code.toString(16)}}`;
  }).join('');
  return shown.replaceAll(WORDS, (words) => words.split(' ').toReversed().join(' '));
}

/** Makes `font` lay out each stretch in its own direction. */
export function layOutByStretch(font: Font): void {
  const layout = font.layout.bind(font);
  font.layout = (text, features) => {
    // Odd places hold what the pattern caught.
    const runs = text
      .split(STRETCH)
      .flatMap((stretch, i) =>
        stretch === '' ? [] : [layout(stretch, features, undefined, undefined, i % 2 === 1 ? 'rtl' : 'ltr')],
      );
    return joined(runs);
  };
}

function joined(runs: readonly Run[]): Run {
  const positions = runs.flatMap((run) => run.positions);
  return {
    glyphs: runs.flatMap(({ glyphs }) => glyphs),
    positions,
    // Asked for when the positions were scaled.
    get advanceWidth() {
      return positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0);
    },
  };
}
