/** The files of an opened reply, one at a time, part by part: what is fetched, opened and handed on is never more than a few parts. */
import type { ReplyIndex } from './reply-index.ts';
import type { ReplyReader } from './reply-reader.ts';
import { refusing } from './refusing.ts';
import type { FileSink, OpenedReply, ReadingOptions, ReplyFile } from './reply.ts';

interface FileReadingInput {
  readonly index: ReplyIndex;
  readonly partSize: number;
  readonly reader: ReplyReader;
  readonly fetchPart: (part: number, signal: AbortSignal | undefined) => Promise<Uint8Array<ArrayBuffer>>;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Parts that are on their way while one is opened. */
const AHEAD = 2;
/** So that no browser takes it for something to show. */
const TYPE = { type: 'application/octet-stream' } as const;

/** The two ways to have a file. */
export function createFileReading(input: FileReadingInput): Pick<OpenedReply, 'readFile' | 'writeFile'> {
  const { index, partSize, reader } = input;
  let last: Promise<unknown> = Promise.resolve();

  /** The reader reads one file at a time. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function* pieces(
    number: number,
    { signal, onProgress }: ReadingOptions,
  ): AsyncGenerator<Bytes, void, undefined> {
    const { start, size: total } = index.files[number]!;
    if (total === 0) return;
    const first = Math.floor(start / partSize);
    const end = Math.floor((start + total - 1) / partSize);
    let done = 0;
    onProgress?.({ done, total });
    const near = first === end ? await reader.piece(number, first, null) : null;
    if (near !== null) yield near;
    else {
      for await (const { part, file } of inOrder(first, end, input.fetchPart, signal)) {
        const bytes = await reader.piece(number, part, file);
        signal?.throwIfAborted();
        yield bytes!;
        done += bytes!.length;
        onProgress?.({ done, total });
      }
    }
    onProgress?.({ done: total, total });
  }

  return {
    readFile: (file: ReplyFile, options = {}) =>
      inTurn(() =>
        refusing(async () => {
          const blobs: Blob[] = [];
          for await (const bytes of pieces(file.index, options)) blobs.push(new Blob([bytes]));
          return new Blob(blobs, TYPE);
        }),
      ),
    writeFile: (file: ReplyFile, sink: FileSink, options = {}) =>
      inTurn(() =>
        refusing(async () => {
          try {
            for await (const bytes of pieces(file.index, options)) await sink.write(bytes);
          } catch (error) {
            await sink.abort();
            throw error;
          }
          await sink.close();
        }),
      ),
  };
}

/** Fetches the parts from `first` to `end`, a few at a time, and gives them in order. */
async function* inOrder(
  first: number,
  end: number,
  fetchPart: FileReadingInput['fetchPart'],
  wish: AbortSignal | undefined,
): AsyncGenerator<{ readonly part: number; readonly file: Bytes }, void, undefined> {
  const stop = new AbortController();
  const signal = wish === undefined ? stop.signal : AbortSignal.any([stop.signal, wish]);
  const coming: Promise<Bytes>[] = [];
  try {
    for (let part = first, asked = first; part <= end; part++) {
      for (; asked <= Math.min(end, part + AHEAD); asked++) {
        const file = fetchPart(asked, signal);
        // Whoever takes it sees why it failed; until then it may lie here.
        file.catch(() => undefined);
        coming.push(file);
      }
      yield { part, file: await coming.shift()! };
    }
  } finally {
    stop.abort();
  }
}
