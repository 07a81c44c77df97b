/** Whether the event loop keeps up: when everything in the process waits, running uploads do too, and new work is to wait for them. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Pressure {
  /** True while the loop has been late for some seconds together. */
  isHigh(): boolean;
  stop(): void;
}

const LOOK_EVERY_MS = 1_000;
/** Mean delay in milliseconds, beyond the resolution, at which a look finds it late. */
const LATE_MS = 150;
/** Looks in a row that must find it late: a single pause is no flood. */
const LOOKS = 3;
const RESOLUTION_MS = 20;

/** Watches the loop of this process. */
export function watchPressure(): Pressure {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let late = 0;
  const timer = setInterval(() => {
    // Nothing but not-a-number was measured when the loop stood still for the whole time.
    const mean = delay.count === 0 ? Infinity : delay.mean / 1e6 - RESOLUTION_MS;
    delay.reset();
    late = mean > LATE_MS ? late + 1 : 0;
  }, LOOK_EVERY_MS);
  timer.unref();
  return {
    isHigh: () => late >= LOOKS,
    stop() {
      clearInterval(timer);
      delay.disable();
    },
  };
}
