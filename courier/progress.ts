/** What the person at the terminal sees while bytes move: a bar on a terminal, plain lines elsewhere only when something is up. */
import type { Effects } from './effects.ts';
import { bytesInWords, durationInWords } from './text.ts';

export interface Progress {
  /** So many bytes more (or, below zero, fewer) are to come in this run. */
  expect(bytes: number): void;
  /** So many bytes moved. */
  add(bytes: number): void;
  /** The server is away; the next try is in so many seconds. */
  waiting(reason: string, seconds: number): void;
  /** Clears the bar away. */
  end(): void;
  /** What is being done while no bytes move; only on a terminal. */
  note(text: string): void;
  /** Bytes that moved in this run. */
  readonly moved: () => number;
}

const REDRAW_MS = 200;
/** The rate is that of the last ten seconds or so. */
const WINDOW_MS = 10_000;

/** A progress display on standard error; silent with `quiet`. */
export function createProgress(effects: Effects, quiet: boolean): Progress {
  const { terminal, now } = effects;
  const draws = terminal.interactive && !quiet;
  let expected = 0;
  let done = 0;
  let drawnAt = 0;
  let drawn = false;
  let lastReason = '';
  let marks: { readonly at: number; readonly done: number }[] = [];

  function draw(note: string | null): void {
    const at = now().getTime();
    if (!draws || (note === null && at - drawnAt < REDRAW_MS)) return;
    if (note === null) drawnAt = at;
    drawn = true;
    marks = [...marks.filter((mark) => at - mark.at < WINDOW_MS), { at, done }];
    const text = note ?? line(done, expected, rate(marks), Math.min(terminal.columns, 100));
    terminal.err(`\r\u001b[K${text.slice(0, Math.max(10, terminal.columns - 1))}`);
  }

  return {
    expect(bytes) {
      expected += bytes;
    },
    add(bytes) {
      done += bytes;
      lastReason = '';
      draw(null);
    },
    waiting(reason, seconds) {
      marks = [];
      const text = `The server is away (${reason}); trying again in ${durationInWords(Math.max(1, seconds))}`;
      if (draws) draw(text);
      else if (!quiet && reason !== lastReason) terminal.err(`${text}\n`);
      lastReason = reason;
    },
    end() {
      if (drawn) terminal.err('\r\u001b[K');
    },
    note(text) {
      if (now().getTime() - drawnAt >= REDRAW_MS) draw(text);
    },
    moved: () => done,
  };
}

function rate(marks: readonly { readonly at: number; readonly done: number }[]): number | null {
  const first = marks[0];
  const last = marks.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < 500) return null;
  return Math.max(0, ((last.done - first.done) * 1000) / (last.at - first.at));
}

/** `[#####-----]  50 %  3.0 GB of 6.0 GB  85 MB/s  0:35 left`, as wide as `columns` allow. */
function line(done: number, expected: number, bytesPerSecond: number | null, columns: number): string {
  const share = expected > 0 ? Math.min(1, done / expected) : 0;
  const pieces = [
    `${String(Math.floor(share * 100)).padStart(3)} %`,
    `${bytesInWords(done)} of ${bytesInWords(expected)}`,
  ];
  if (bytesPerSecond !== null) {
    pieces.push(`${bytesInWords(bytesPerSecond)}/s`);
    if (bytesPerSecond > 0) pieces.push(`${durationInWords((expected - done) / bytesPerSecond)} left`);
  }
  const text = pieces.join('  ');
  const width = Math.min(30, columns - text.length - 5);
  if (width < 5) return text;
  const full = Math.round(share * width);
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}] ${text}`;
}
