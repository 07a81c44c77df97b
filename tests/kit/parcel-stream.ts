/** Whole parcels in memory: the stream of a layout, and what a reader makes of it. */
import { createHash } from 'node:crypto';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { createBagCheck } from '../../shared/parcel/bag-check.ts';
import type { BagReport } from '../../shared/parcel/bag-report.ts';
import { lateBytes } from '../../shared/parcel/late-bytes.ts';
import { createLayout } from '../../shared/parcel/layout.ts';
import type { LateName, Layout, Piece } from '../../shared/parcel/layout.ts';
import { createTarReader } from '../../shared/parcel/tar-reader.ts';
import type { FoundFile, TarEvent, TarReader } from '../../shared/parcel/tar-reader.ts';
import { TEST_SENDER } from './test-mailbox.ts';

export const PARCEL = '0123456789abcdef0123456789abcdef';

/** A file with its content, as tests write them down. `lost`: the sender's browser could not read it to its end; `changed`: it was another one later. */
export interface TestFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly modified?: number;
  readonly lost?: boolean;
  readonly changed?: boolean;
}

export interface TestParcel {
  readonly layout: Layout;
  /** The content of each of `layout.payload`. */
  readonly contents: readonly Uint8Array[];
  readonly late: Readonly<Record<LateName, Uint8Array>>;
  /** The padded stream. */
  readonly stream: Uint8Array<ArrayBuffer>;
}

/** A parcel of these files. */
export async function testParcel(
  files: readonly TestFile[],
  message: string | null = null,
  parcel = PARCEL,
): Promise<TestParcel> {
  const layout = createLayout({
    parcel,
    day: '2026-11-24',
    sender: TEST_SENDER,
    replyRecipient: 'age1pq1test',
    message,
    messageModified: 1_700_000_000_000,
    files: files.map(({ path, content, modified = 0 }) => ({ path, size: content.length, modified })),
  });
  const contents = [...(message === null ? [] : [utf8Encode(message)]), ...files.map(({ content }) => content)];
  const statuses = [
    ...(message === null ? [] : (['whole'] as const)),
    ...files.map(({ lost, changed }) => (changed === true ? 'changed' : lost === true ? 'unreadable' : 'whole')),
  ];
  const late = await lateBytes(
    layout,
    contents.map((content, i) => ({ sha256: sha256(content), status: statuses[i]! })),
  );
  return { layout, contents, late, stream: fill(layout.piecesIn(0, layout.paddedSize), contents, late) };
}

/** The bytes that a run of pieces stands for. */
export function fill(
  pieces: readonly Piece[],
  contents: readonly Uint8Array[],
  late: Readonly<Record<LateName, Uint8Array>>,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    Buffer.concat(
      pieces.map((piece) => {
        if (piece.kind === 'bytes') return piece.bytes;
        if (piece.kind === 'zeros') return new Uint8Array(piece.length);
        const whole = piece.kind === 'late' ? late[piece.name] : contents[piece.index]!;
        return whole.subarray(piece.from, piece.to);
      }),
    ),
  );
}

/** A file as it came out of a reader. */
export interface ReadFile extends FoundFile {
  /** The bytes that came, at their places; zeros where none did. */
  readonly content: Uint8Array;
  readonly complete: boolean;
}

/** A stretch of bytes, `to` exclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface ReadBack {
  readonly files: readonly ReadFile[];
  readonly report: BagReport;
}

/** Reads a stream of which only `stretches` are there (all of it by default), in pushes as they stand there. */
export function readBack(
  stream: Uint8Array,
  stretches: readonly Stretch[] = [{ from: 0, to: stream.length }],
  { parcel, sender }: { readonly parcel: string; readonly sender: string } = { parcel: PARCEL, sender: TEST_SENDER },
): ReadBack {
  const reader = createTarReader({ parcel, limits: { streamSize: stream.length } });
  const check = createBagCheck({ parcel, sender, createHash: () => createHash('sha256') });
  const files: ReadFile[] = [];
  let open: { entry: FoundFile; content: Uint8Array } | null = null;
  for (const event of events(reader, stream, stretches)) {
    check.take(event);
    if (event.kind === 'entry') {
      if (open !== null) throw new Error('a file began before the last one ended');
      open = { entry: event.entry, content: new Uint8Array(event.entry.size) };
    } else {
      if (open?.entry !== event.entry) throw new Error('an event of a file that is not open');
      if (event.kind === 'data') open.content.set(event.bytes, event.offset);
      else {
        files.push({ ...open.entry, content: open.content, complete: event.complete });
        open = null;
      }
    }
  }
  if (open !== null) throw new Error('a file did not end');
  return { files, report: check.finish(reader.gapped()) };
}

/** All events of a stream of which only `stretches` are there. */
export function* events(
  reader: TarReader,
  stream: Uint8Array,
  stretches: readonly Stretch[],
): Generator<TarEvent, void, undefined> {
  for (const { from, to } of stretches) yield* reader.push(from, stream.subarray(from, to));
  yield* reader.finish();
}

/** SHA-256 by Node. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
