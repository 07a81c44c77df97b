/**
 * Reads the stream of a parcel, pushed piece by piece, and tells the files in it. It takes only what the layout of a parcel can produce,
 * keeps no file data, and gets over missing stretches: what lies wholly outside of them comes out whole, and nothing else is called so.
 */
import { Problem } from '../problem/problem.ts';
import { utf8Encode } from '../bytes/utf8.ts';
import { isZero } from '../bytes/zero.ts';
import { PLACES, placeOf } from './bag-place.ts';
import type { Place } from './bag-place.ts';
import { MAX_FILES, MAX_PAX_SIZE } from './limits.ts';
import { createNameTable } from './name-table.ts';
import { paddedSize } from './padme.ts';
import { parseRecords } from './pax-records.ts';
import type { PaxRecords } from './pax-records.ts';
import { BLOCK, joinHeader, parseBlock, paxOrdinal, roundUp } from './tar-header.ts';
import type { UstarBlock } from './tar-header.ts';

/** A file found in the stream. The same object comes with each event of the file. */
export interface FoundFile {
  /** Path within the bag: `data/files/…` and so on. */
  readonly path: string;
  readonly place: Place;
  readonly size: number;
  /** Milliseconds since 1970; whole seconds only when the pax header before the file is missing. */
  readonly modified: number;
  /** Offset of its first byte in the stream. */
  readonly start: number;
}

/** `bytes` is part of what was pushed and good only until the next push; `offset` counts within the file. */
export type TarEvent =
  | { readonly kind: 'entry'; readonly entry: FoundFile }
  | { readonly kind: 'data'; readonly entry: FoundFile; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly entry: FoundFile; readonly complete: boolean };

/** `streamSize` is that of the whole padded stream, which the opening of the parcel tells. */
export interface TarLimits {
  readonly streamSize: number;
  readonly maxFiles?: number;
}

/** See {@link createTarReader}. The events of a call must be drawn to their end before the next call. */
export interface TarReader {
  /** The next bytes, at `offset` in the stream, not before the end of the last ones; what lies between is taken for missing. */
  push(offset: number, bytes: Uint8Array): Generator<TarEvent, void, undefined>;
  /** Passes over data of the file that is open, up to `to`: bytes that are there and that nobody looks at. */
  pass(to: number): Generator<TarEvent, void, undefined>;
  /** After the last push: closes what is open and, when nothing was missing, sees that the archive came to its proper end. */
  finish(): Generator<TarEvent, void, undefined>;
  /** Whether any stretch of the stream was missing so far. */
  gapped(): boolean;
}

type Mode =
  /** at a header, or at the end marker */
  | 'header'
  /** in the records of a pax header */
  | 'records'
  /** at the header that belongs to the pax header before */
  | 'joined'
  | 'data'
  /** in the zeros that fill up the last block of a file */
  | 'fill'
  /** at the second block of the end marker */
  | 'marker'
  | 'padding'
  /** the structure was lost: at a block that may be a header */
  | 'seek';

/**
 * A reader for the parcel of this id. Both calls throw Problem: `tar-damaged`, `tar-entry-refused`, `tar-too-large`,
 * `tar-too-many-files`, `path-unsafe` or `bag-damaged` (see docs/protocol.md for which is which); the reader must not be used after one.
 */
export function createTarReader({
  parcel,
  limits,
}: {
  readonly parcel: string;
  readonly limits: TarLimits;
}): TarReader {
  const { streamSize, maxFiles = MAX_FILES } = limits;
  const prefix = utf8Encode(`${parcel}/`);
  const names = createNameTable(maxFiles);
  const gathered = new Uint8Array(MAX_PAX_SIZE);
  let have = 0;
  let mode: Mode = 'header';
  /** Offset of the next byte of the stream. */
  let position = 0;
  /** Where the data, filling or records that are being read come to their end. */
  let dataEnd = 0;
  let fillEnd = 0;
  let entry: FoundFile | null = null;
  let complete = true;
  let recordsSize = 0;
  let records: PaxRecords | null = null;
  /** Number of the next file; only a lower bound once headers were missing. */
  let ordinal = 0;
  let ordinalKnown = true;
  let place = -1;
  let files = 0;
  let missing = false;
  let failed = false;

  /** Bytes that the mode needs in one piece; 0 when any number will do. */
  function wanted(): number {
    if (mode === 'records') return roundUp(recordsSize);
    return mode === 'data' || mode === 'fill' || mode === 'padding' ? 0 : BLOCK;
  }

  function close(whole: boolean): TarEvent {
    const file = entry!;
    entry = null;
    return { kind: 'end', entry: file, complete: whole };
  }

  function endData(): TarEvent {
    mode = dataEnd === fillEnd ? 'header' : 'fill';
    return close(complete);
  }

  /** Opens the file that a header tells of. The header's block has been read, `position` is behind it. */
  function open(block: UstarBlock): void {
    const named = placeOf(parcel, records?.path ?? block.name);
    const joined = joinHeader(block, records, ordinal);
    records = null;
    const rank = PLACES.indexOf(named.place);
    if (rank < place || (rank === place && named.place !== 'file'))
      throw new Problem('tar-damaged', { reason: 'order' });
    if (joined.size > streamSize - position - 2 * BLOCK) throw new Problem('tar-too-large');
    if (named.place === 'file' || named.place === 'message') {
      if (++files > maxFiles) throw new Problem('tar-too-many-files', { most: maxFiles });
      const verdict = names.add(named.path);
      if (verdict === 'clash') throw new Problem('tar-damaged', { reason: 'duplicate' });
      if (verdict === 'crowded') throw new Problem('tar-too-many-files', { most: maxFiles });
    }
    place = rank;
    ordinal++;
    dataEnd = position + joined.size;
    fillEnd = position + roundUp(joined.size);
    complete = true;
    entry = { path: named.path, place: named.place, size: joined.size, modified: joined.modified, start: position };
    mode = joined.size === 0 ? 'header' : 'data';
  }

  function startRecords(block: UstarBlock): void {
    const named = paxOrdinal(parcel, block.name);
    if (named < ordinal || (ordinalKnown && named !== ordinal)) throw new Problem('tar-damaged', { reason: 'pax' });
    if (block.size === 0 || block.size > MAX_PAX_SIZE) throw new Problem('tar-damaged', { reason: 'pax' });
    ordinal = named;
    ordinalKnown = true;
    recordsSize = block.size;
    fillEnd = position + roundUp(recordsSize);
    mode = 'records';
  }

  /** Takes `bytes`, the piece that the mode wanted, with `position` behind it. It may open a file. */
  function take(bytes: Uint8Array): void {
    if (mode === 'seek') {
      seek(bytes);
    } else if (mode === 'records') {
      if (!isZero(bytes.subarray(recordsSize))) throw new Problem('tar-damaged', { reason: 'fill' });
      records = parseRecords(bytes.subarray(0, recordsSize));
      mode = 'joined';
    } else if (mode === 'marker') {
      if (!isZero(bytes) || (!missing && paddedSize(position) !== streamSize))
        throw new Problem('tar-damaged', { reason: 'end' });
      mode = 'padding';
    } else if (bytes[0] === 0 && isZero(bytes)) {
      if (mode === 'joined') throw new Problem('tar-damaged', { reason: 'pax' });
      mode = 'marker';
    } else {
      const block = parseBlock(bytes);
      if (block.type === 'file') open(block);
      else if (mode === 'header') startRecords(block);
      else throw new Problem('tar-damaged', { reason: 'pax' });
    }
  }

  /** Takes up the thread again at a block that is a header of this parcel; any other block is passed over. */
  function seek(bytes: Uint8Array): void {
    for (let i = 0; i < prefix.length; i++) if (bytes[i] !== prefix[i]) return;
    let block: UstarBlock;
    try {
      block = parseBlock(bytes);
      if (block.type === 'file') placeOf(parcel, block.name);
      else if (paxOrdinal(parcel, block.name) < ordinal) return;
    } catch {
      return;
    }
    if (block.type === 'pax') startRecords(block);
    else open(block);
  }

  /** Passes over a missing stretch that ends at `to`. */
  function* skip(to: number): Generator<TarEvent, void, undefined> {
    missing = true;
    have = 0;
    if (mode === 'data') {
      complete = false;
      if (to < dataEnd) {
        position = to;
        return;
      }
      yield close(false);
      mode = 'fill';
    }
    position = to;
    if (mode === 'fill' && to <= fillEnd) {
      if (to === fillEnd) mode = 'header';
    } else if (mode === 'marker' || mode === 'padding') {
      mode = 'padding';
    } else {
      ordinalKnown = false;
      records = null;
      mode = 'seek';
    }
  }

  function* read(bytes: Uint8Array): Generator<TarEvent, void, undefined> {
    let at = 0;
    while (at < bytes.length) {
      const left = bytes.length - at;
      const want = wanted();
      if (want > 0) {
        const ready = have === 0 && left >= want;
        const count = ready ? want : Math.min(left, want - have);
        if (mode === 'seek' && have === 0 && position % BLOCK !== 0) {
          const over = Math.min(left, BLOCK - (position % BLOCK));
          position += over;
          at += over;
          continue;
        }
        if (!ready) gathered.set(bytes.subarray(at, at + count), have);
        have += count;
        position += count;
        at += count;
        if (have < want) return;
        have = 0;
        take(ready ? bytes.subarray(at - want, at) : gathered.subarray(0, want));
        if (entry === null) continue;
        yield { kind: 'entry', entry };
        if (dataEnd === position) yield close(true);
        continue;
      }
      const until = mode === 'data' ? dataEnd : mode === 'fill' ? fillEnd : streamSize;
      const count = Math.min(left, until - position);
      const piece = bytes.subarray(at, at + count);
      at += count;
      position += count;
      if (mode === 'data') {
        yield { kind: 'data', entry: entry!, offset: position - count - entry!.start, bytes: piece };
        if (position < dataEnd) return;
        yield endData();
      } else {
        if (!isZero(piece)) throw new Problem('tar-damaged', { reason: mode });
        if (mode === 'fill' && position === fillEnd) mode = 'header';
      }
    }
  }

  function* guard(events: () => Generator<TarEvent, void, undefined>): Generator<TarEvent, void, undefined> {
    if (failed) throw new Problem('tar-damaged', { reason: 'earlier' });
    failed = true;
    yield* events();
    failed = false;
  }

  return {
    push: (offset, bytes) =>
      guard(function* () {
        if (offset < position || offset + bytes.length > streamSize)
          throw new Problem('tar-damaged', { reason: 'offset' });
        if (offset > position) yield* skip(offset);
        yield* read(bytes);
      }),
    pass: (to) =>
      guard(function* () {
        if (mode !== 'data' || to < position || to > dataEnd) throw new Problem('tar-damaged', { reason: 'offset' });
        position = to;
        if (position === dataEnd) yield endData();
      }),
    finish: () =>
      guard(function* () {
        if (position < streamSize) yield* skip(streamSize);
        if (!missing && mode !== 'padding') throw new Problem('tar-damaged', { reason: 'end' });
      }),
    gapped: () => missing,
  };
}
