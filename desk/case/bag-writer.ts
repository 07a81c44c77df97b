/** Writes the files of a bag as they come out of the archive: large stretches in other threads, small ones at once, times and modes set. */
import { closeSync, futimesSync, writeSync } from 'node:fs';
import type { FoundFile, TarEvent } from '../../shared/parcel/tar-reader.ts';
import { Failure, systemCode } from '../failure.ts';
import { OWN_FOLDER, placeFailure } from '../writing-to.ts';
import { createDirectWriter } from './direct-write.ts';
import type { DirectFile } from './direct-write.ts';
import type { OutTree } from './out-tree.ts';
import type { Sink } from './read-parcel.ts';

/** Stretches from this size on are handed to a thread that writes while the next ones are hashed. */
const IN_BACKGROUND = 128 * 1024;

/** Half a microsecond, in seconds: a time given as a float must not fall below its millisecond. */
const NUDGE = 5e-7;

interface OpenFile extends DirectFile {
  readonly entry: FoundFile;
  writing: number;
  ended: 'complete' | 'incomplete' | null;
}

/** Writes into `tree`. `out` names the place when it cannot be written. Files that are not whole are taken away again, or kept as `<name>.incomplete` with `keepIncomplete`. */
export function createBagWriter(
  tree: OutTree,
  { out, keepIncomplete }: { out: string; keepIncomplete: boolean },
): Sink & { count(): number; abandon(): Promise<void> } {
  const direct = createDirectWriter();
  /** Files that are not closed yet, and what is being written. */
  const open = new Set<OpenFile>();
  const running = new Set<Promise<void>>();
  let current: OpenFile | null = null;
  let writes: Promise<void>[] = [];
  let count = 0;

  function close(file: OpenFile): void {
    if (file.ended === null || file.writing > 0) return;
    setTimes(file.fd, file.entry.modified);
    release(file);
    if (file.ended === 'complete') count++;
    else if (keepIncomplete) tree.mark(file.entry.path, '.incomplete');
    else tree.remove(file.entry.path);
  }

  function release(file: OpenFile): void {
    open.delete(file);
    direct.close(file);
    closeSync(file.fd);
  }

  function writeBehind(file: OpenFile, bytes: Uint8Array, offset: number): void {
    file.writing++;
    const write = direct.write(file, bytes, offset).finally(() => {
      running.delete(write);
      file.writing--;
      close(file);
    });
    // `settled` tells of it; where another failure comes first, nobody asks any more.
    write.catch(() => undefined);
    writes.push(write);
    running.add(write);
  }

  return {
    take(event) {
      try {
        takeEvent(event);
      } catch (error) {
        throw asFailure(out, error);
      }
    },
    async settled() {
      const batch = writes;
      writes = [];
      try {
        await Promise.all(batch);
      } catch (error) {
        throw asFailure(out, error);
      }
    },
    count: () => count,
    /** Lets go of every file, however far it came: an open one keeps its room on the disk although it is taken away. */
    async abandon() {
      await Promise.allSettled(running);
      for (const file of open) release(file);
    },
  };

  function takeEvent(event: TarEvent): void {
    if (event.kind === 'entry') {
      current = { ...tree.create(event.entry.path), direct: null, entry: event.entry, writing: 0, ended: null };
      open.add(current);
    } else if (event.kind === 'data') {
      if (event.bytes.length >= IN_BACKGROUND) writeBehind(current!, event.bytes, event.offset);
      else
        for (let at = 0; at < event.bytes.length;)
          at += writeSync(current!.fd, event.bytes, at, event.bytes.length - at, event.offset + at);
    } else {
      current!.ended = event.complete ? 'complete' : 'incomplete';
      close(current!);
    }
  }
}

function setTimes(fd: number, modified: number): void {
  try {
    const time = modified > 0 && modified % 1000 !== 0 ? modified / 1000 + NUDGE : new Date(modified);
    futimesSync(fd, time, time);
  } catch {
    // A time that this file system cannot hold: the file matters more.
  }
}

function asFailure(path: string, error: unknown): unknown {
  return systemCode(error) === 'EFBIG'
    ? new Failure('out-file-large', { path })
    : placeFailure(path, error, OWN_FOLDER);
}
