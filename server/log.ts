/** The log: JSON lines with a route pattern, a method and a status, or a plain sentence. Never an address, an id, input or a time. */

/** One line: fixed words and numbers only. */
export type LogLine = Readonly<Record<string, string | number>>;
export type Log = (line: LogLine) => void;

/** A log that writes each line as JSON. */
export function createLog(write: (text: string) => void): Log {
  return (line) => write(`${JSON.stringify(line)}\n`);
}

/** What may be said of an unexpected error: its kind, its code, and where in our code it arose; never its message. */
export function describeError(error: unknown): LogLine {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'none';
  const frame = /\(?([^\s()/]+\.(?:ts|js)):(\d+):\d+\)?\s*$/m.exec(
    error.stack?.split('\n    at ').slice(1).join('\n') ?? '',
  );
  return { error: error.name, code, at: frame ? `${frame[1]}:${frame[2]}` : 'unknown' };
}
