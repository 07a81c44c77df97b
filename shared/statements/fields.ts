/** The text inside a statement: a context line, then `name value` lines in one fixed order. What parses encodes back to itself. */
import { fromBase64Url } from '../bytes/base64.ts';
import { fromHex } from '../bytes/hex.ts';
import { Problem } from '../problem/problem.ts';

/** What a statement is for; its first line. A signature under one context can never pass for another. */
export type Context =
  | 'postern/card/v1'
  | 'postern/desk/v1'
  | 'postern/grant/v1'
  | 'postern/clip-commitments/v1'
  | 'postern/clip-file/v1'
  | 'postern/clip-proof/v1'
  | 'postern/report/v1'
  | 'postern/opening/v1'
  | 'postern/part/v1'
  | 'postern/seal/v1'
  | 'postern/receipt/v1'
  | 'postern/sign-in/v1'
  | 'postern/mailbox/v1'
  | 'postern/reply-opening/v1'
  | 'postern/reply-part/v1'
  | 'postern/reply-seal/v1';

/** Characters that no value of a statement may hold. */
// oxlint-disable-next-line no-control-regex -- control characters are exactly what a value must not hold
export const FORBIDDEN_IN_FIELDS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** The text of a statement, LF after each line. Problem `note-invalid` when a value is empty or holds a control character. */
export function writeFields(
  context: Context,
  fields: readonly (readonly [name: string, value: string | number])[],
): string {
  const lines = fields.map(([name, value]) => {
    const text = String(value);
    if (text === '' || text.trim() !== text || FORBIDDEN_IN_FIELDS.test(text) || !text.isWellFormed())
      throw new Problem('note-invalid');
    return `${name} ${text}\n`;
  });
  return `${context}\n${lines.join('')}`;
}

/** Reads the lines of a statement in order; each call takes the next line or throws `note-invalid`, for hex and keys also `encoding-invalid`. */
export interface FieldReader {
  text(name: string): string;
  /** A whole number in canonical decimal, at most 2^53 - 1. */
  number(name: string): number;
  hex(name: string, bytes: number): string;
  key(name: string): Uint8Array<ArrayBuffer>;
  day(name: string): string;
  parcel(): string;
  /** `none` is null; anything else goes through `parse`. */
  textOrNone(name: string, parse: (value: string) => string): string | null;
  /** `yes` or `no`. */
  flag(name: string): boolean;
  /** True while the next line has this name. */
  more(name: string): boolean;
  /** Throws unless every line has been read. */
  end(): void;
}

/** Opens the text of a statement of the given context. Problem `note-invalid` when it is another or is not in canonical form. */
export function readFields(statement: string, context: Context): FieldReader {
  const lines = statement.split('\n');
  if (lines.shift() !== context || lines.pop() !== '') throw new Problem('note-invalid');
  let at = 0;
  const reader: FieldReader = {
    text(name) {
      const line = lines[at++];
      const value = line?.startsWith(`${name} `) ? line.slice(name.length + 1) : '';
      if (value === '' || value.trim() !== value || FORBIDDEN_IN_FIELDS.test(value)) throw new Problem('note-invalid');
      return value;
    },
    number: (name) => parseNumber(reader.text(name)),
    hex(name, bytes) {
      const value = reader.text(name);
      fromHex(value, bytes);
      return value;
    },
    key: (name) => fromBase64Url(reader.text(name), 32),
    day: (name) => parseDay(reader.text(name)),
    parcel: () => reader.hex('parcel', 16),
    textOrNone(name, parse) {
      const value = reader.text(name);
      return value === 'none' ? null : parse(value);
    },
    flag(name) {
      const value = reader.text(name);
      if (value !== 'yes' && value !== 'no') throw new Problem('note-invalid');
      return value === 'yes';
    },
    more: (name) => lines[at]?.startsWith(`${name} `) ?? false,
    end() {
      if (at !== lines.length) throw new Problem('note-invalid');
    },
  };
  return reader;
}

/** A canonical decimal number from 0 to 2^53 - 1. Problem `note-invalid`. */
export function parseNumber(text: string): number {
  const value = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new Problem('note-invalid');
  return value;
}

/** A calendar day `YYYY-MM-DD` that exists. Problem `note-invalid`. */
export function parseDay(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new Problem('note-invalid');
  const date = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || dayOf(date) !== text) throw new Problem('note-invalid');
  return text;
}

/** The UTC day of a date, `YYYY-MM-DD`: the finest time that is ever written down about a source. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
