/** How far a long command is, on standard error: one line written over on a terminal, a line each half minute elsewhere. */
import type { Effects } from './effects.ts';

export interface Progress {
  /** There is something new to say; `line` is asked only when it is time. */
  tell(line: () => string): void;
  /** Takes the line away from the terminal. */
  end(): void;
}

const DRAW_MS = 200;
const PLAIN_MS = 30_000;

/** Progress of one command. */
export function createProgress({ terminal, clock }: Pick<Effects, 'terminal' | 'clock'>): Progress {
  const { interactive } = terminal;
  let next = clock() + (interactive ? 0 : PLAIN_MS);
  let drawn = false;
  return {
    tell(line) {
      if (clock() < next) return;
      next = clock() + (interactive ? DRAW_MS : PLAIN_MS);
      drawn = interactive;
      terminal.err(interactive ? `\r\u001b[K${line()}` : `${line()}\n`);
    },
    end() {
      if (drawn) terminal.err('\r\u001b[K');
      drawn = false;
    },
  };
}
