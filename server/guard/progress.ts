/** A request whose bytes stop coming, or come too slowly, is cut off; what it brought is kept. Node's own limits are on whole requests, which may rightly take an hour. */
import type { IncomingMessage } from 'node:http';

const LOOK_EVERY_MS = 10_000;

export interface ProgressLimits {
  /** Longest silence, in milliseconds. */
  readonly stall: number;
  /** Longest time for one request's body, in milliseconds. */
  readonly whole: number;
  /** Fewer bytes in `stall` milliseconds are as good as none. */
  readonly least: number;
}

/**
 * A Tor circuit may hang for a minute and come back; a slice is meant to take half a minute, and a stock client may send a whole part. What
 * brings less than a hundred bytes a second is no link, but a hand that holds the door.
 */
export const PROGRESS_LIMITS: ProgressLimits = { stall: 120_000, whole: 6 * 3_600_000, least: 8_192 };

/** For the few hundred bytes of an opening or a sign-in. */
export const SHORT_LIMITS: ProgressLimits = { stall: 15_000, whole: 30_000, least: 1 };

/** Watches a request until its body is in; cuts its connection when it stalls. `clock` is in milliseconds and only ever rises. */
export function watchProgress(request: IncomingMessage, limits: ProgressLimits, clock: () => number): void {
  const { socket } = request;
  const started = clock();
  let bytes = socket.bytesRead;
  let moved = started;
  const look = (): void => {
    const now = clock();
    if (request.complete || socket.destroyed) return stop();
    if (socket.bytesRead - bytes >= limits.least) {
      bytes = socket.bytesRead;
      moved = now;
    }
    if (now - moved >= limits.stall || now - started >= limits.whole) socket.destroy();
  };
  const timer = setInterval(look, Math.min(LOOK_EVERY_MS, limits.stall / 2));
  timer.unref();
  const stop = (): void => clearInterval(timer);
  request.once('end', stop);
  request.once('close', stop);
}
