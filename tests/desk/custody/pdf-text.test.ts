/** Names in the print of a report: what the font lacks is escaped, and scripts that run from right to left take nothing else along. */
import { readFile } from 'node:fs/promises';
import PDFDocument from 'pdfkit';
import { beforeAll, expect, test } from 'vitest';
import { layOutByStretch, settable } from '../../../desk/custody/pdf-text.ts';
import type { Font } from '../../../desk/custody/pdf-text.ts';

let font: Font;
beforeAll(async () => {
  const path = new URL('../../../node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf', import.meta.url);
  const pdf = new PDFDocument({ font: (await readFile(path)) as unknown as string });
  ({ font } = (pdf as unknown as { _font: { font: Font } })._font);
  layOutByStretch(font);
});

/** What stands on the page from left to right. */
const seen = (text: string): string =>
  (font.layout(settable(text, font)).glyphs as { codePoints: number[] }[])
    .map(({ codePoints }) => String.fromCodePoint(...codePoints))
    .join('');

test('letters of such a script are turned around; digits, endings and folders beside them are not', () => {
  expect(seen('a/\u05d0\u05d1/\u05d212.jpg')).toBe('a/\u05d1\u05d0/\u05d212.jpg');
  expect(seen('\u062c\u0645 \u0661\u0662.jpg')).toBe('\u0645\u062c \u0661\u0662.jpg');
});

test('its words stand in their order from the right, those of other scripts from the left', () => {
  expect(seen('\u05d0\u05d1 \u05d2\u05d3 one two')).toBe('\u05d3\u05d2 \u05d1\u05d0 one two');
});

test('what the font has no sign for stands as an escape', () => {
  expect(seen('\u8bc1.mp4')).toBe('\\u{8bc1}.mp4');
});
