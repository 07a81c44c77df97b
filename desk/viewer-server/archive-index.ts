/** The files of a parcel, found by walking its archive from header to header: the data between is neither read nor decrypted, but for its first bytes. */
import { createTarReader } from '../../shared/parcel/tar-reader.ts';
import type { FoundFile, TarEvent } from '../../shared/parcel/tar-reader.ts';
import { FILES_FOLDER } from '../../shared/parcel/bag.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { kindOf, LOOK } from './file-kind.ts';
import type { FoundKind } from './file-kind.ts';
import type { ParcelStream } from './parcel-stream.ts';

/** A file that was found. `start` is its place in the stream. */
export interface IndexedFile {
  readonly index: number;
  /** Below `data/files/`. */
  readonly path: string;
  readonly size: number;
  readonly start: number;
  readonly kind: FoundKind;
  /** False when a gap was met in it; see also `ParcelStream.gap`. */
  readonly whole: boolean;
}

/** Why the walk ended before the archive did. */
export type Cut = 'damaged' | 'too-many';

export interface ArchiveIndex {
  readonly files: readonly IndexedFile[];
  /** How far the walk is; null when it has ended. */
  reading(): { readonly done: number; readonly total: number } | null;
  cut(): Cut | null;
  /** Fulfilled when something was found since the call, or the walk has ended. */
  changed(): Promise<void>;
  stop(): void;
}

/** Files that one index holds, and letters of their paths: some 60 MB of memory at the most. */
const MOST_FILES = 250_000;
const MOST_LETTERS = 20_000_000;

/** Starts to walk. `parcel` is the id; `report` is told of a mistake of ours. */
export function createArchiveIndex(
  parcel: string,
  stream: ParcelStream,
  report: (error: unknown) => void,
): ArchiveIndex {
  const files: IndexedFile[] = [];
  const reader = createTarReader({ parcel, limits: { streamSize: stream.size } });
  const start = new Uint8Array(LOOK);
  let looked = 0;
  let letters = 0;
  let position = 0;
  let current: FoundFile | null = null;
  let cut: Cut | null = null;
  let over = false;
  let ended = false;
  let waiting = Promise.withResolvers<void>();

  function tell(): void {
    waiting.resolve();
    waiting = Promise.withResolvers<void>();
  }

  /** The file that is open, its first bytes seen. */
  function take(events: Iterable<TarEvent>): void {
    for (const event of events) {
      const { place, path, size } = event.entry;
      if (event.kind === 'entry') {
        current = event.entry;
        looked = 0;
      } else if (event.kind === 'data') {
        if (event.offset === looked && looked < LOOK) {
          const piece = event.bytes.subarray(0, LOOK - looked);
          start.set(piece, looked);
          looked += piece.length;
        }
      } else {
        current = null;
        // Behind it there is only padding.
        over ||= place === 'tagmanifest';
        if (place !== 'file') continue;
        const below = path.slice(FILES_FOLDER.length);
        const kind = kindOf(start.subarray(0, looked), looked === size);
        files.push({ index: files.length, path: below, size, start: event.entry.start, kind, whole: event.complete });
        letters += below.length;
      }
    }
  }

  async function walk(): Promise<void> {
    while (position < stream.size && !over && !ended) {
      const bytes = await stream.at(position);
      if (bytes === null) {
        position = stream.resume(position + 1);
        continue;
      }
      const from = position;
      position += bytes.length;
      take(reader.push(from, bytes));
      if (current !== null) passOver(current);
      if (files.length >= MOST_FILES || letters >= MOST_LETTERS) {
        cut = 'too-many';
        return;
      }
      tell();
    }
    if (!over && !ended) take(reader.finish());
  }

  /** Goes to the end of a file whose first bytes have been seen, or to the first part of it that is not here. */
  function passOver({ start: first, size }: FoundFile): void {
    const end = first + size;
    if (position >= end || (looked < Math.min(LOOK, size) && position - first < LOOK)) return;
    const to = stream.gap(position, end) ?? end;
    take(reader.pass(to));
    position = to;
  }

  walk()
    .catch((error: unknown) => {
      if (!isProblem(error)) report(error);
      cut = 'damaged';
    })
    .finally(() => {
      ended = true;
      tell();
    });

  return {
    files,
    reading: () => (ended ? null : { done: position, total: stream.size }),
    cut: () => cut,
    changed: () => (ended ? Promise.resolve() : waiting.promise),
    stop: () => void (ended = true),
  };
}
