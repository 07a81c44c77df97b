/** Long work that the page asks for, done by the process that holds the keys: one after the other, told as it goes, stopped when wanted. */
import type { ParcelState } from '../case/examine.ts';
import { Failure } from '../failure.ts';
import type { Progress } from '../terminal/progress.ts';
import { failureText } from '../text.ts';
import type { Job } from '../viewer/api.ts';

/** Jobs that may wait, and jobs that are remembered. */
const MOST_WAITING = 50;
const MOST_KEPT = 1_000;

/** What came of a job. */
export interface Result {
  readonly sentences: readonly string[];
  readonly found: ParcelState;
  readonly folder: string | null;
}

export interface Jobs {
  /** Puts a job at the end of the queue. Failure `jobs-many`. */
  add(kind: Job['kind'], parcel: string, work: (progress: Progress) => Promise<Result>): Job;
  get(id: string): Job | null;
  stop(id: string): Job | null;
  /** True when nothing runs or waits. */
  idle(): boolean;
  /** Stops all, and is fulfilled when nothing runs any more. */
  close(): Promise<void>;
}

/** Thrown through the work where it tells of its progress: whatever it holds open is closed on the way. */
class Stopped extends Error {}

interface Entry {
  job: Job;
  stopping: boolean;
}

export function createJobs(): Jobs {
  const entries = new Map<string, Entry>();
  let queue: Promise<void> = Promise.resolve();
  let last = 0;

  const change = (entry: Entry, to: Partial<Job>): void => void (entry.job = { ...entry.job, ...to });

  async function run(entry: Entry, work: (progress: Progress) => Promise<Result>): Promise<void> {
    if (entry.stopping) {
      change(entry, { state: 'stopped' });
      return;
    }
    change(entry, { state: 'running' });
    try {
      const { found, ...rest } = await work(progressOf(entry));
      change(entry, { ...rest, found: found === 'complete' ? 'sealed' : found, state: 'done' });
    } catch (error) {
      if (error instanceof Stopped) change(entry, { state: 'stopped' });
      else if (error instanceof Failure) change(entry, { state: 'failed', sentences: sentencesOf(error) });
      else throw error;
    }
  }

  function progressOf(entry: Entry): Progress {
    return {
      start(_label, total) {
        change(entry, { done: 0, total });
        return {
          update(done) {
            if (entry.stopping) throw new Stopped();
            change(entry, { done });
          },
          end: () => undefined,
        };
      },
    };
  }

  function stop(entry: Entry): Job {
    entry.stopping = true;
    if (entry.job.state === 'waiting') change(entry, { state: 'stopped' });
    return entry.job;
  }

  return {
    add(kind, parcel, work) {
      const waiting = [...entries.values()].filter(({ job }) => job.state === 'waiting').length;
      if (waiting >= MOST_WAITING) throw new Failure('jobs-many');
      const id = String(++last);
      const job: Job = {
        id,
        kind,
        parcel,
        state: 'waiting',
        done: 0,
        total: 0,
        sentences: [],
        found: null,
        folder: null,
      };
      const entry = { job, stopping: false };
      entries.set(id, entry);
      for (const oldest of entries.keys()) {
        if (entries.size <= MOST_KEPT) break;
        entries.delete(oldest);
      }
      queue = queue.then(() => run(entry, work));
      return entry.job;
    },
    get: (id) => entries.get(id)?.job ?? null,
    stop(id) {
      const entry = entries.get(id);
      return entry === undefined ? null : stop(entry);
    },
    idle: () => [...entries.values()].every(({ job }) => job.state !== 'waiting' && job.state !== 'running'),
    async close() {
      for (const entry of entries.values()) stop(entry);
      await queue;
    },
  };
}

function sentencesOf(failure: Failure): readonly string[] {
  const { sentence, hint } = failureText(failure, undefined);
  return hint === null ? [sentence] : [sentence, hint];
}
