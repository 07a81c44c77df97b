/**
 * Rows as text, in the form of PostgreSQL's `COPY … TO` (text format): a row a line, a tab between columns, `\N` for null, bytes as
 * `\x` and hex. The first line of a file names the columns.
 */
import { BackupError } from './backup-error.ts';
import { linesOf } from './lines.ts';

/** A row by column; null for NULL. */
export type Row = Readonly<Record<string, string | null>>;

export interface RowFile {
  readonly columns: readonly string[];
  readonly rows: AsyncGenerator<Row>;
  /** To be called at the end, however far it was read. */
  close(): Promise<unknown>;
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' };
const LETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ESCAPES).map(([letter, character]) => [character, letter]),
);

/** Null for the text of NULL. Throws for an escape that PostgreSQL does not write. */
function parseValue(text: string): string | null {
  if (text === '\\N') return null;
  return text.replace(/\\(.?)/gs, (_all, letter: string) => {
    const character = ESCAPES[letter];
    if (character === undefined) throw new BackupError('A row of the backup is damaged.');
    return character;
  });
}

function formatValue(value: string | null): string {
  return value === null ? '\\N' : value.replace(/[\b\f\n\r\t\v\\]/g, (character) => `\\${LETTERS[character]}`);
}

/** The row of a line. Throws when it does not have these columns. */
export function parseRow(columns: readonly string[], line: string): Row {
  const values = line.split('\t');
  if (values.length !== columns.length) throw new BackupError('A row of the backup is damaged.');
  return Object.fromEntries(columns.map((column, at) => [column, parseValue(values[at]!)]));
}

/** The line of a row. */
export function formatRow(columns: readonly string[], row: Row): string {
  return columns.map((column) => formatValue(row[column] ?? null)).join('\t');
}

/** Opens a file of rows. Throws when it does not begin with names of columns. */
export async function openRows(path: string): Promise<RowFile> {
  const lines = linesOf(path);
  const first = await lines.next();
  const close = (): Promise<unknown> => lines.return(undefined);
  const columns = first.done ? [] : first.value.split('\t');
  if (columns.length === 0 || !columns.every((name) => /^[a-z][a-z0-9_]*$/.test(name))) {
    await close();
    throw new BackupError('A file of rows in the backup does not name its columns.');
  }
  const rows = async function* (): AsyncGenerator<Row> {
    for await (const line of lines) yield parseRow(columns, line);
  };
  return { columns, rows: rows(), close };
}

/** Bytes in the text of a row as lower-case hex. */
export function hexOf(row: Row, column: string): string {
  const match = /^\\x((?:[0-9a-f]{2})*)$/.exec(row[column] ?? '');
  if (!match) throw new BackupError('A row of the backup is damaged.');
  return match[1]!;
}

/** A text that cannot be null. */
export function textOf(row: Row, column: string): string {
  const text = row[column];
  if (text === undefined || text === null) throw new BackupError('A row of the backup is damaged.');
  return text;
}

/** A whole number that is not below zero. */
export function countOf(row: Row, column: string): number {
  const text = textOf(row, column);
  if (!/^\d{1,15}$/.test(text)) throw new BackupError('A row of the backup is damaged.');
  return Number(text);
}
