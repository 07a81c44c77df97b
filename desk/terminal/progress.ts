/** Progress bars on stderr when that is a terminal, and silence otherwise. */
import { formatSeconds, formatSize } from './amounts.ts';

/** One long piece of work; `label` is escaped by the caller. */
export interface Bar {
  /** How much of it is done. */
  update(done: number): void;
  /** Wipes the bar. */
  end(): void;
}

export interface Progress {
  /** `amount` says a number of what is counted in words; bytes, when left out. */
  start(label: string, total: number, amount?: (number: number) => string): Bar;
}

/** Shows nothing. */
export const silentProgress: Progress = { start: () => ({ update: () => undefined, end: () => undefined }) };

/** What a bar needs of stderr. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
const BAR_WIDTH = 24;

/** Bars on `stream` when it is a terminal. `clock` is in milliseconds and never goes back. */
export function terminalProgress(stream: ProgressStream, clock: () => number): Progress {
  if (stream.isTTY !== true) return silentProgress;
  return {
    start(label, total, amount = formatSize) {
      const started = clock();
      let drawn = Number.NEGATIVE_INFINITY;
      return {
        update(done) {
          const now = clock();
          if (now - drawn < REDRAW_MS) return;
          drawn = now;
          stream.write(
            `\r\u001b[K${drawBar({ label, total, done, amount, seconds: (now - started) / 1000 }, stream.columns ?? 80)}`,
          );
        },
        end: () => void stream.write('\r\u001b[K'),
      };
    },
  };
}

function drawBar(
  {
    label,
    total,
    done,
    amount,
    seconds,
  }: { label: string; total: number; done: number; amount: (number: number) => string; seconds: number },
  columns: number,
): string {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 && seconds > 1 ? `, ${formatSeconds((total - done) / rate)} left` : '';
  const line = `${label} ${bar} ${String(Math.floor(share * 100)).padStart(3)}% of ${amount(total)}, ${amount(rate)}/s${left}`;
  return line.slice(0, Math.max(20, columns - 1));
}
