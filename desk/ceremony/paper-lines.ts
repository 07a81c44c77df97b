/**
 * The lines of a paper backup: a label, letters in groups of four, and four check letters. A mistyped letter is told by its line before anything is
 * made of it. What a QR code holds is the same lines, one after the other.
 */
import { createHash } from 'node:crypto';
import { fromBase32, toBase32 } from './base32.ts';

/** `S`: a share, other on each sheet. `W`: the whole, encrypted, the same on all sheets of a set. */
export type LineKind = 'S' | 'W';

export interface PaperLine {
  readonly kind: LineKind;
  /** From 1. */
  readonly number: number;
  readonly data: string;
}

/** Letters in a full line. */
export const LINE_LETTERS = 32;
const CHECK_LETTERS = 4;
/** Lines that one QR code holds: 480 characters, modules that a telephone's camera still parts. */
const LINES_IN_CODE = 12;
const LINE = /^([SW])(\d{3})([A-Z2-7]{1,32})([A-Z2-7]{4})$/;
const MOST_LINES = 999;

/** The lines of a record. */
export function linesOf(kind: LineKind, record: Uint8Array): readonly PaperLine[] {
  const text = toBase32(record);
  const count = Math.ceil(text.length / LINE_LETTERS);
  if (count > MOST_LINES) throw new RangeError('a record too long for paper');
  return Array.from({ length: count }, (_, i) => ({
    kind,
    number: i + 1,
    data: text.slice(i * LINE_LETTERS, (i + 1) * LINE_LETTERS),
  }));
}

/** The bytes of a record whose lines these are, in their order. Problem `encoding-invalid`. */
export function recordOf(lines: readonly PaperLine[]): Uint8Array {
  return fromBase32(lines.map(({ data }) => data).join(''));
}

/** A line as it is printed: `W012 ABCD EFGH … WXYZ`. */
export function formatLine(line: PaperLine): string {
  return `${labelOf(line)} ${line.data.replaceAll(/.{4}(?=.)/g, '$& ')} ${checkOf(line)}`;
}

export function labelOf({ kind, number }: Omit<PaperLine, 'data'>): string {
  return `${kind}${String(number).padStart(3, '0')}`;
}

/** Check letters: 20 bits of the SHA-256 of label and letters. */
export function checkOf(line: PaperLine): string {
  const hash = createHash('sha256')
    .update(`postern/paper-line/v1\n${labelOf(line)} ${line.data}\n`)
    .digest();
  return toBase32(new Uint8Array(hash)).slice(0, CHECK_LETTERS);
}

/** What the QR codes of these lines hold. */
export function codesOf(lines: readonly PaperLine[]): readonly string[] {
  const texts = lines.map((line) => formatLine(line).replaceAll(' ', ''));
  return Array.from({ length: Math.ceil(texts.length / LINES_IN_CODE) }, (_, i) =>
    texts.slice(i * LINES_IN_CODE, (i + 1) * LINES_IN_CODE).join('/'),
  );
}

/** A line as somebody typed it: case, spaces and hyphens do not matter, nor do 0, 1 and 8, which stand for O, I and B. Null: not a line, or mistyped. */
export function parseLine(typed: string): PaperLine | null {
  const text = typed.toUpperCase().replaceAll(/[\s-]+/g, '');
  const letters = text.slice(4).replaceAll('0', 'O').replaceAll('1', 'I').replaceAll('8', 'B');
  const match = LINE.exec(text.slice(0, 4) + letters);
  if (!match) return null;
  const line: PaperLine = { kind: match[1] === 'S' ? 'S' : 'W', number: Number(match[2]), data: match[3]! };
  return line.number >= 1 && checkOf(line) === match[4] ? line : null;
}
