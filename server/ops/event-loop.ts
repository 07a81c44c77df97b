/** How long this process lets its callers wait: the delay of the event loop in the last quarter of a minute. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const WINDOW_MS = 15_000;
/** Seconds. The finest is above what uploads bring about: they must not show. */
const STEPS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Begins to measure; gives the 99th percentile of the last window in seconds, rounded up to a step. */
export function watchEventLoop(): () => number {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let last = STEPS[0]!;
  setInterval(() => {
    last = roundUp(histogram.percentile(99) / 1e9);
    histogram.reset();
  }, WINDOW_MS).unref();
  return () => last;
}

function roundUp(seconds: number): number {
  return STEPS.find((step) => seconds <= step) ?? Infinity;
}
