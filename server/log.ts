/** The log: JSON lines of the events that `log-events.ts` lists. Never an address, an id, input or a time. */
import { FIELD_KINDS, LOG_EVENTS } from './log-events.ts';
import type { FieldKind, LogLine } from './log-events.ts';

export type Log = (line: LogLine) => void;

/** Ids are 32 of them; nothing that may be said has half as many in a row. */
const LIKE_AN_ID = /[0-9a-f]{16}/i;
const WITHHELD = 'withheld';

/** A log that writes each line as JSON. The types hold the table already; a value that came from elsewhere is looked at again. */
export function createLog(write: (text: string) => void): Log {
  return (line) => {
    const kinds: Readonly<Record<string, FieldKind>> = LOG_EVENTS[line.event];
    const values: Readonly<Record<string, string | number>> = line;
    const fields = Object.entries(kinds).map(([name, kind]) => [name, fit(values[name], kind)]);
    write(`${JSON.stringify({ event: line.event, ...Object.fromEntries(fields) })}\n`);
  };
}

/** What may be said of an unexpected error: its kind, its code, and where in our code it arose; never its message. */
export function describeError(error: unknown): LogLine & { readonly event: 'internal-error' } {
  const event = 'internal-error';
  if (!(error instanceof Error)) return { event, error: typeof error, code: 'none', at: 'unknown' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'none';
  const frame = /\(?([^\s()/]+\.(?:ts|js)):(\d+):\d+\)?\s*$/m.exec(
    error.stack?.split('\n    at ').slice(1).join('\n') ?? '',
  );
  return { event, error: error.name, code, at: frame ? `${frame[1]}:${frame[2]}` : 'unknown' };
}

function fit(value: string | number | undefined, kind: FieldKind): string | number {
  const text = String(value);
  const fits = (kind === 'number') === (typeof value === 'number') && FIELD_KINDS[kind].test(text);
  return value !== undefined && fits && !LIKE_AN_ID.test(text) ? value : WITHHELD;
}
