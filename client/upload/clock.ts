/** Time as a parameter of the upload; the one place in it that asks the platform. */

export interface Clock {
  /** The day and time, as far as this computer knows. */
  now(): Date;
  /** Milliseconds that only ever rise. */
  ticks(): number;
  /** Resolves after so many milliseconds, or at once when `signal` is aborted; never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  ticks: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done);
    }),
};
