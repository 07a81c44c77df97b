/** The plaintext of one part after the other, from the files the person chose. A file that cannot be read holds everything up until somebody decides. */
import type { Layout, Piece } from '../../shared/parcel/layout.ts';
import type { Clock } from './clock.ts';
import { PATIENCE, readInto, readSmall } from './file-reading.ts';
import type { Failure, Reading } from './file-reading.ts';

/** A run of file bytes within a part, to be hashed. */
export interface Span {
  /** Which payload file. */
  readonly index: number;
  /** Where it lies in the part. */
  readonly at: number;
  readonly length: number;
  /** True when the file ends here. */
  readonly last: boolean;
}

/** A run of a late file within a part; its bytes are not known yet. */
export interface LateSpan {
  readonly name: Extract<Piece, { kind: 'late' }>['name'];
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface PlainPart {
  /** All bytes but those of the late spans; its buffer is as long as a whole part. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly spans: readonly Span[];
  readonly late: readonly LateSpan[];
  /** Files with zeros in this part in place of what could not be read, in order: each is zeros from byte `at` on. */
  readonly cuts: readonly Cut[];
}

export interface Cut {
  readonly index: number;
  readonly at: number;
}

/** A file that could not be read: what of it comes before this part, and how far reading came within the file. */
export interface HeldFile {
  readonly index: number;
  /** Bytes of the file in earlier parts. */
  readonly before: number;
  readonly reason: Failure['reason'];
}

/** What was decided: try this file (the same one or another copy), or put zeros for what cannot be read. */
export type Decision = { readonly kind: 'file'; readonly file: Blob } | { readonly kind: 'zeros' };

export interface PartReaderInput {
  readonly layout: Layout;
  /** One for each of `layout.payload`; null for one that is not here any more. */
  readonly files: readonly (Blob | null)[];
  /** Files that an earlier sending gave up: from which byte on they are zeros. */
  readonly cuts?: ReadonlyMap<number, number>;
  readonly decide: (held: HeldFile) => Promise<Decision>;
  readonly clock: Clock;
}

/** See {@link createPartReader}. */
export interface PartReader {
  /** Fills `buffer` with the bytes `[from, to)` of the stream; another buffer of the same size may come back in its place. */
  read(from: number, to: number, buffer: ArrayBuffer): Promise<PlainPart>;
  /** False when some of this file's bytes, here or in an earlier sending, are zeros in place of what could not be read. */
  isWhole(index: number): boolean;
  /** The file that is read: the latest copy that was shown. Null when there is none. */
  file(index: number): Blob | null;
}

type PayloadPiece = Extract<Piece, { kind: 'payload' }>;

/** Up to so many bytes are read in one go, many files at a time: what costs with them is the asking. */
const SMALL = 128 * 1024;
/** How many small files are read at a time. */
const AT_ONCE = 48;

/** Parts must be asked for one at a time. */
export function createPartReader({ layout, files, cuts: before, decide, clock }: PartReaderInput): PartReader {
  const current = [...files];
  /** For files given up: from where on they are zeros. */
  const cuts = new Map(before);
  const zeroed = new Set(cuts.keys());
  /** How often in a row reading got stuck. */
  let stuck = 0;

  function cutOf(index: number): number | undefined {
    return current[index] === null ? 0 : cuts.get(index);
  }

  /** How much of a piece is still to be read from its file. */
  function readable({ index, from, to }: PayloadPiece): number {
    return Math.max(0, Math.min(to, cutOf(index) ?? to) - from);
  }

  /** After a failure: what to do differently at the next try. */
  async function settle(piece: PayloadPiece, { length, reason }: Failure): Promise<void> {
    if (reason === 'stuck' && stuck + 1 < PATIENCE.length) {
      stuck += 1;
      return;
    }
    stuck = 0;
    const decision = await decide({ index: piece.index, before: piece.from, reason });
    if (decision.kind === 'file') current[piece.index] = decision.file;
    else cuts.set(piece.index, piece.from + length);
  }

  /** Reads what can be read of a piece to `at` in a buffer, and puts zeros behind it. */
  async function readPiece(piece: PayloadPiece, buffer: ArrayBuffer, at: number): Promise<Reading> {
    const length = readable(piece);
    new Uint8Array(buffer, at + length, lengthOf(piece) - length).fill(0);
    if (length === 0) return { kind: 'read', buffer };
    const run = { file: current[piece.index]!, from: piece.from, to: piece.from + length };
    const reading = await readInto(run, buffer, at, clock, PATIENCE[stuck]!);
    if (reading.kind === 'read') stuck = 0;
    return reading;
  }

  /** One try at all but the small pieces of a part. Null: one could not be read, and its buffer is gone; try again. */
  async function fillLarge(pieces: readonly Placed[], start: ArrayBuffer): Promise<ArrayBuffer | null> {
    let buffer = start;
    for (const { piece, at } of pieces) {
      if (piece.kind === 'bytes') new Uint8Array(buffer).set(piece.bytes, at);
      else if (piece.kind === 'zeros') new Uint8Array(buffer, at, piece.length).fill(0);
      else if (piece.kind === 'payload' && lengthOf(piece) > SMALL) {
        const reading = await readPiece(piece, buffer, at);
        if (reading.kind === 'failed') {
          await settle(piece, reading);
          return null;
        }
        buffer = reading.buffer;
      }
    }
    return buffer;
  }

  /** The small pieces of a part, many at a time, and those that make trouble one by one. */
  async function fillSmall(pieces: readonly Placed[], part: Uint8Array): Promise<void> {
    const small = pieces.flatMap(({ piece, at }) =>
      piece.kind === 'payload' && lengthOf(piece) <= SMALL ? [{ piece, at }] : [],
    );
    for (let first = 0; first < small.length; first += AT_ONCE) {
      const batch = small.slice(first, first + AT_ONCE);
      const read = await Promise.all(
        batch.map(({ piece: { index, from, to } }) =>
          cutOf(index) === undefined ? readSmall(current[index]!, from, to) : Promise.resolve(null),
        ),
      );
      for (const [i, { piece, at }] of batch.entries()) part.set(read[i] ?? (await insist(piece)), at);
    }
  }

  function cutsIn(pieces: readonly Placed[]): Cut[] {
    return pieces.flatMap(({ piece }) => {
      const at = piece.kind === 'payload' ? cutOf(piece.index) : undefined;
      return piece.kind === 'payload' && at !== undefined && at < piece.to ? [{ index: piece.index, at }] : [];
    });
  }

  async function insist(piece: PayloadPiece): Promise<Uint8Array> {
    for (;;) {
      const reading = await readPiece(piece, new ArrayBuffer(lengthOf(piece)), 0);
      if (reading.kind === 'read') return new Uint8Array(reading.buffer);
      await settle(piece, reading);
    }
  }

  return {
    isWhole: (index) => !zeroed.has(index),
    file: (index) => current[index]!,
    async read(from, to, buffer) {
      const pieces = placed(layout.piecesIn(from, to));
      const size = buffer.byteLength;
      let filled = await fillLarge(pieces, buffer);
      while (filled === null) filled = await fillLarge(pieces, new ArrayBuffer(size));
      const bytes = new Uint8Array(filled, 0, to - from);
      await fillSmall(pieces, bytes);
      const cut = cutsIn(pieces);
      for (const { index } of cut) zeroed.add(index);
      return { bytes, ...spansOf(layout, pieces), cuts: cut };
    },
  };
}

interface Placed {
  readonly piece: Piece;
  readonly at: number;
}

function placed(pieces: readonly Piece[]): Placed[] {
  let at = 0;
  return pieces.map((piece) => {
    const start = at;
    at += lengthOf(piece);
    return { piece, at: start };
  });
}

function lengthOf(piece: Piece): number {
  if (piece.kind === 'bytes') return piece.bytes.length;
  return piece.kind === 'zeros' ? piece.length : piece.to - piece.from;
}

function spansOf(layout: Layout, pieces: readonly Placed[]): { spans: Span[]; late: LateSpan[] } {
  const spans: Span[] = [];
  const late: LateSpan[] = [];
  for (const { piece, at } of pieces) {
    if (piece.kind === 'late') late.push({ name: piece.name, at, from: piece.from, to: piece.to });
    if (piece.kind !== 'payload') continue;
    const { index, from, to } = piece;
    spans.push({ index, at, length: to - from, last: to === layout.payload[index]!.size });
  }
  return { spans, late };
}
