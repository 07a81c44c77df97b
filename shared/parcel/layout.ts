/**
 * The layout of a parcel, known from the file list alone: where each header, each byte of each file and each zero of the tar stream lies,
 * so that any part can be made without the parts before it. Holds no file data and ten bytes a file besides the list itself.
 */
import { Problem } from '../problem/problem.ts';
import { utf8Encode } from '../bytes/utf8.ts';
import {
  BAGIT_TEXT,
  encodeBagInfo,
  encodeManifestPath,
  FILES_FOLDER,
  LISTED_TAG_FILES,
  MESSAGE_PATH,
  startOfDay,
  TAG_MANIFEST,
} from './bag.ts';
import { MAX_FILES, MAX_MANIFEST_SIZE, MAX_MODIFIED } from './limits.ts';
import { paddedSize } from './padme.ts';
import { areDistinct, checkPath } from './path.ts';
import { BLOCK, encodeHeader, headerLength, roundUp } from './tar-header.ts';
import type { TarEntry } from './tar-header.ts';
import { utf8Length } from './utf8-length.ts';

/** A file to be sent: relative `/`-separated path, bytes, milliseconds since 1970. */
export interface FileEntry {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/** The three tag files whose bytes depend on what was read: only their sizes are known beforehand. */
export type LateName = 'payload-status' | 'manifest' | 'tagmanifest';

/** A run of bytes of the stream. `from` and `to` (exclusive) count within the payload file or the late file. */
export type Piece =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'payload'; readonly index: number; readonly from: number; readonly to: number }
  | { readonly kind: 'zeros'; readonly length: number }
  | { readonly kind: 'late'; readonly name: LateName; readonly from: number; readonly to: number };

/** See {@link createLayout}. */
export interface Layout {
  readonly parcel: string;
  /** Payload files in the order of archive and manifest, the message first if there is one; paths within the bag (`data/…`). */
  readonly payload: readonly FileEntry[];
  /** Bytes up to and including the end marker. */
  readonly tarSize: number;
  /** Bytes of the whole stream, padding included: what is cut into parts. */
  readonly paddedSize: number;
  readonly bagInfo: string;
  /** Bytes of each late file. */
  readonly lateSizes: Readonly<Record<LateName, number>>;
  /** Offset in the stream of the first data byte of payload file `index`; a multiple of 512. */
  dataOffset(index: number): number;
  /** What the bytes `[from, to)` of the stream are, in order, none empty. Problem `limit-exceeded` when they are not all in it. */
  piecesIn(from: number, to: number): Piece[];
}

/**
 * What the layout is made from. `day` is YYYY-MM-DD; `sender` as in {@link BagInfo}; `replyRecipient` is null in a reply; `message` is the
 * text, or the number of its UTF-8 bytes where that is all that is known; `messageModified` counts only with a message.
 */
export interface LayoutInput {
  readonly parcel: string;
  readonly day: string;
  readonly sender: string;
  readonly replyRecipient: string | null;
  readonly message: string | number | null;
  readonly messageModified: number;
  readonly files: readonly FileEntry[];
}

const HASH_LINE = 64 + 2 + 1;

/**
 * The layout of a parcel. Problem `path-unsafe` for a path that {@link checkPath} refuses, `tar-damaged` for two that clash,
 * `limit-exceeded` for too many files or a size or time out of range, `bag-damaged` for an empty parcel or a bad day, id or recipient.
 */
export function createLayout(input: LayoutInput): Layout {
  const payload = payloadOf(input);
  const payloadBytes = payload.reduce((sum, file) => sum + file.size, 0);
  if (!Number.isSafeInteger(payloadBytes)) throw new Problem('limit-exceeded');
  const bagInfo = encodeBagInfo({
    day: input.day,
    payloadBytes,
    payloadFiles: payload.length,
    parcel: input.parcel,
    sender: input.sender,
    replyRecipient: input.replyRecipient,
  });
  const tagTime = startOfDay(input.day);
  const manifestSize = payload.reduce((sum, file) => sum + HASH_LINE + utf8Length(encodeManifestPath(file.path)), 0);
  if (manifestSize > MAX_MANIFEST_SIZE) throw new Problem('limit-exceeded');
  const fixed = new Map([
    [0, utf8Encode(BAGIT_TEXT)],
    [1, utf8Encode(bagInfo)],
  ]);
  const lateStart = 2 + payload.length;
  const late = [
    { name: 'payload-status', path: 'payload-status.txt', size: 2 * payload.length },
    { name: 'manifest', path: 'manifest-sha256.txt', size: manifestSize },
    { name: 'tagmanifest', path: TAG_MANIFEST, size: tagManifestSize() },
  ] as const;
  const count = lateStart + late.length;

  function entry(ordinal: number): TarEntry {
    if (ordinal >= 2 && ordinal < lateStart) {
      const { path, size, modified } = payload[ordinal - 2]!;
      return { path: `${input.parcel}/${path}`, size, modified };
    }
    const path = ordinal === 0 ? 'bagit.txt' : ordinal === 1 ? 'bag-info.txt' : late[ordinal - lateStart]!.path;
    return {
      path: `${input.parcel}/${path}`,
      size: fixed.get(ordinal)?.length ?? late[ordinal - lateStart]!.size,
      modified: tagTime,
    };
  }

  const starts = new Float64Array(count + 1);
  const headers = new Uint16Array(count);
  for (let ordinal = 0, at = 0; ordinal < count; ordinal++) {
    const file = entry(ordinal);
    headers[ordinal] = headerLength(file);
    at += headers[ordinal]! + roundUp(file.size);
    starts[ordinal + 1] = at;
  }
  const tarSize = starts[count]! + 2 * BLOCK;
  const total = paddedSize(tarSize);
  if (!Number.isSafeInteger(total)) throw new Problem('limit-exceeded');

  /** The file whose header, data or filling holds `offset`; `count` for the end marker and the padding. */
  function entryAt(offset: number): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle + 1]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function dataPiece(ordinal: number, from: number, to: number): Piece {
    const bytes = fixed.get(ordinal);
    if (bytes !== undefined) return { kind: 'bytes', bytes: bytes.slice(from, to) };
    if (ordinal < lateStart) return { kind: 'payload', index: ordinal - 2, from, to };
    return { kind: 'late', name: late[ordinal - lateStart]!.name, from, to };
  }

  return {
    parcel: input.parcel,
    payload,
    tarSize,
    paddedSize: total,
    bagInfo,
    lateSizes: { 'payload-status': late[0].size, manifest: late[1].size, tagmanifest: late[2].size },
    dataOffset(index) {
      return starts[index + 2]! + headers[index + 2]!;
    },
    piecesIn(from, to) {
      if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to > total)
        throw new Problem('limit-exceeded');
      const pieces: Piece[] = [];
      let at = from;
      for (let ordinal = entryAt(from); ordinal < count && at < to; ordinal++) {
        const file = entry(ordinal);
        const start = starts[ordinal]!;
        const data = start + headers[ordinal]!;
        const end = data + file.size;
        if (at < data)
          pieces.push({
            kind: 'bytes',
            bytes: encodeHeader(file, ordinal).slice(at - start, Math.min(to, data) - start),
          });
        at = Math.max(at, Math.min(to, data));
        if (at >= data && at < end && at < to) pieces.push(dataPiece(ordinal, at - data, Math.min(to, end) - data));
        at = Math.max(at, Math.min(to, end));
        const next = Math.min(to, starts[ordinal + 1]!);
        if (at >= end && at < next) pieces.push({ kind: 'zeros', length: next - at });
        at = Math.max(at, next);
      }
      if (at < to) pieces.push({ kind: 'zeros', length: to - at });
      return pieces;
    },
  };
}

function payloadOf(input: LayoutInput): FileEntry[] {
  const { files, message } = input;
  if (files.length + (message === null ? 0 : 1) > MAX_FILES) throw new Problem('limit-exceeded', { most: MAX_FILES });
  const words = typeof message === 'string' ? utf8Length(message) : message;
  const payload: FileEntry[] =
    words === null ? [] : [{ path: MESSAGE_PATH, size: words, modified: input.messageModified }];
  for (const { path, size, modified } of files) {
    checkPath(path);
    payload.push({ path: FILES_FOLDER + path, size, modified });
  }
  if (!areDistinct(files.map(({ path }) => path))) throw new Problem('tar-damaged', { reason: 'duplicate' });
  if (payload.length === 0) throw new Problem('bag-damaged', { reason: 'empty' });
  for (const { size, modified } of payload) {
    if (!Number.isSafeInteger(size) || size < 0) throw new Problem('limit-exceeded');
    if (!Number.isSafeInteger(modified) || Math.abs(modified) > MAX_MODIFIED) throw new Problem('limit-exceeded');
  }
  return payload;
}

function tagManifestSize(): number {
  return LISTED_TAG_FILES.reduce<number>((sum, path) => sum + HASH_LINE + path.length, 0);
}
