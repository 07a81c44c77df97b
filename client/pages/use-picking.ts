/** Reading what was chosen or dropped, with the page alive meanwhile: one after the other, so that nothing is lost. */
import { useEffect, useRef, useState } from 'react';
import { inputPicks } from '../choose/chosen.ts';
import { readEntries } from '../choose/drop.ts';
import type { Dropped } from '../choose/drop.ts';
import { measureFiles } from '../choose/measure.ts';

interface Picking {
  /** Files read so far; null when nothing is being read. */
  readonly reading: number | null;
  readonly drop: (entries: readonly FileSystemEntry[]) => void;
  readonly pick: (files: readonly File[]) => void;
}

/** `onRead` hears of each choice once the size of all its files is known. It ends when the screen goes. */
export function usePicking(onRead: (dropped: Dropped) => void): Picking {
  const [reading, setReading] = useState<number | null>(null);
  const stop = useRef<AbortController | null>(null);
  const queue = useRef(Promise.resolve());
  const waiting = useRef(0);
  const latest = useRef(onRead);
  useEffect(() => {
    latest.current = onRead;
  }, [onRead]);
  useEffect(() => {
    const current = (stop.current = new AbortController());
    return () => current.abort();
  }, []);

  const read = (source: (signal: AbortSignal) => Promise<Dropped>): void => {
    const signal = stop.current?.signal;
    if (signal === undefined) return;
    setReading((now) => now ?? 0);
    waiting.current++;
    queue.current = queue.current.then(async () => {
      const dropped = await source(signal);
      await measureFiles(
        dropped.picks.map(({ file }) => file),
        setReading,
        signal,
      );
      if (signal.aborted) return;
      waiting.current--;
      if (waiting.current === 0) setReading(null);
      latest.current(dropped);
    });
  };
  return {
    reading,
    drop: (entries) => read((signal) => readEntries(entries, setReading, signal)),
    pick: (files) => read(() => Promise.resolve({ picks: inputPicks(files), unreadable: [] })),
  };
}
