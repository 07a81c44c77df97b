/** Reads what somebody typed or scanned from sheets: every line is checked by itself, and the first that does not fit is named. */
import { isProblem } from '../../shared/problem/problem.ts';
import { Failure } from '../failure.ts';
import { labelOf, parseLine, recordOf } from './paper-lines.ts';
import type { LineKind, PaperLine } from './paper-lines.ts';
import { parseShare, parseWhole, wholeSize } from './paper-records.ts';
import type { Share, Whole } from './paper-records.ts';

/** Where a text came from: a file's name. */
export interface PaperText {
  readonly name: string;
  readonly text: string;
}

/** Letters of a share's record, 45 bytes in base32, and of one that is the secret itself, which has a byte less. */
const SHARE_LETTERS = 72;
const SECRET_LETTERS = 71;

/** The shares and the whole in these texts. Failures `paper-line`, `paper-twice`, `paper-missing`, `paper-damaged`, `paper-shares`. */
export function readPaper(texts: readonly PaperText[]): { shares: readonly Share[]; whole: Whole } {
  const shares: Share[] = [];
  const whole = new Map<number, PaperLine>();
  for (const { name, text } of texts) {
    let share: PaperLine[] = [];
    for (const [at, typed] of text.split(/[\n/]/).entries()) {
      const line = read(typed, name, at + 1);
      if (line === null) continue;
      if (line.kind === 'W') {
        const before = whole.get(line.number);
        if (before !== undefined && before.data !== line.data)
          throw new Failure('paper-twice', { line: labelOf(line) });
        whole.set(line.number, line);
      } else {
        if (line.number !== share.length + 1)
          throw new Failure('paper-missing', { lines: next('S', share.length), name });
        share.push(line);
        if (!isShareWhole(share)) continue;
        shares.push(record(share, parseShare));
        share = [];
      }
    }
    if (share.length > 0) throw new Failure('paper-missing', { lines: next('S', share.length), name });
  }
  if (shares.length === 0) throw new Failure('paper-shares', { have: 0, needed: 1 });
  return { shares, whole: record(inOrder(whole), parseWhole) };
}

/** True when no more lines follow in this share. */
export function isShareWhole(lines: readonly PaperLine[]): boolean {
  const letters = lines.reduce((sum, { data }) => sum + data.length, 0);
  return letters === SHARE_LETTERS || letters === SECRET_LETTERS;
}

/** How many lines the whole has, which its first one tells. */
export function wholeLineCount(first: PaperLine): number {
  const start = recordOf([{ ...first, data: first.data.slice(0, 16) }]);
  return Math.ceil(Math.ceil((wholeSize(start) * 8) / 5) / 32);
}

/** The record in lines that each were right. Failure `paper-damaged`. */
export function record<T>(lines: readonly PaperLine[], parse: (record: Uint8Array) => T): T {
  try {
    return parse(recordOf(lines));
  } catch (error) {
    throw isProblem(error) ? new Failure('paper-damaged') : error;
  }
}

/** A line; null for one that is blank or a remark, begun with `#`. What scanners write before a code is dropped. */
function read(typed: string, name: string, at: number): PaperLine | null {
  const text = typed.replace(/^\s*QR-Code:/, '').trim();
  if (text === '' || text.startsWith('#')) return null;
  const line = parseLine(text);
  if (line !== null) return line;
  const label = /^\s*([SW]\d{3})/i.exec(text)?.[1]?.toUpperCase();
  throw new Failure('paper-line', { line: label ?? `number ${at}`, name });
}

function inOrder(lines: ReadonlyMap<number, PaperLine>): PaperLine[] {
  const first = lines.get(1);
  const count = first === undefined ? 1 : wholeLineCount(first);
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((number) => !lines.has(number));
  if (missing.length > 0)
    throw new Failure('paper-missing', {
      lines: missing.map((number) => labelOf({ kind: 'W', number })).join(', '),
      name: 'what was given',
    });
  return Array.from({ length: count }, (_, i) => lines.get(i + 1)!);
}

function next(kind: LineKind, done: number): string {
  return labelOf({ kind, number: done + 1 });
}
