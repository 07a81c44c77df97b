/** Long work: started here, followed until it ends, kept on the page until the person clears it. */
import { useCallback, useEffect, useState } from 'react';
import type { ExtractOrder, Job, SubmissionState } from '../api.ts';
import { jobPath, parcelPath } from '../ask/paths.ts';
import { read, remove, send } from '../ask/requests.ts';

const EVERY_MS = 500;

export interface Jobs {
  readonly all: readonly Job[];
  /** What was found of each submission that was read as a whole since the page was opened. */
  readonly found: ReadonlyMap<string, SubmissionState>;
  /** Throws `Refused`. */
  readonly start: (parcel: string, kind: 'verify' | 'extract', order: ExtractOrder | null) => Promise<Job>;
  readonly stop: (id: string) => void;
  readonly clear: (id: string) => void;
}

const ended = ({ state }: Job): boolean => state !== 'waiting' && state !== 'running';

/** `onEnd` is called for each that has come to an end. */
export function useJobs(onEnd: () => void): Jobs {
  const [all, setAll] = useState<readonly Job[]>([]);
  const [found, setFound] = useState<ReadonlyMap<string, SubmissionState>>(new Map());
  const put = useCallback((job: Job) => {
    const { parcel, found } = job;
    if (found !== null) setFound((before) => new Map(before).set(parcel, found));
    setAll((before) => before.map((each) => (each.id === job.id ? job : each)));
  }, []);
  const running = all
    .filter((job) => !ended(job))
    .map(({ id }) => id)
    .join(' ');
  useEffect(() => {
    if (running === '') return;
    const look = async (id: string): Promise<void> => {
      const job = await read<Job>(jobPath(id));
      put(job);
      if (ended(job)) onEnd();
    };
    const timer = setInterval(() => {
      for (const id of running.split(' ')) look(id).catch(() => undefined);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [running, put, onEnd]);
  const start = useCallback(async (parcel: string, kind: 'verify' | 'extract', order: ExtractOrder | null) => {
    const job = await send<Job>(parcelPath(parcel, kind), order ?? {});
    setAll((before) => [...before, job]);
    return job;
  }, []);
  const stop = useCallback((id: string) => void remove<Job>(jobPath(id)).then(put, () => undefined), [put]);
  const clear = useCallback((id: string) => setAll((before) => before.filter((job) => job.id !== id)), []);
  return { all, found, start, stop, clear };
}
