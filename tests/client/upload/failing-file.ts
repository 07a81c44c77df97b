/** Files as a browser gives them, that can vanish, end early or turn up again. Not a test. */

type How = 'error' | 'short' | 'silence';

/** A File whose reading can be made to fail. */
export interface FailingFile {
  readonly file: File;
  /**
   * From now on bytes from `from` on cannot be read (null: all can), so many times. `short`: they are missing without a word;
   * `silence`: nothing comes, for ever.
   */
  failFrom(from: number | null, how?: How, times?: number): void;
  /** How often some of it was asked for. */
  readonly reads: number;
}

/** A file of these bytes. `step`: as many bytes come at a time. */
export function failingFile(bytes: Uint8Array<ArrayBuffer>, path = 'file', modified = 0, step = 1000): FailingFile {
  let limit: number | null = null;
  let how: How = 'error';
  let left = 0;
  let reads = 0;
  const slice = (from: number, to: number): Blob => {
    const readable = limit === null ? to : Math.max(from, Math.min(to, limit));
    const stream = (): ReadableStream => {
      reads += 1;
      if (readable < to && --left === 0) limit = null;
      let at = from;
      return new ReadableStream({
        type: 'bytes',
        pull(controller) {
          const request = controller.byobRequest;
          const view = request?.view;
          if (!request || !view) throw new Error('only into buffers of the reader');
          const length = Math.min(readable - at, step, view.byteLength);
          if (length > 0) {
            new Uint8Array(view.buffer, view.byteOffset, length).set(bytes.subarray(at, at + length));
            at += length;
            request.respond(length);
          } else if (at < to && how === 'silence') {
            return new Promise(() => undefined);
          } else if (at < to && how === 'error') {
            controller.error(new DOMException('gone', 'NotReadableError'));
          } else {
            controller.close();
            request.respond(0);
          }
          return Promise.resolve();
        },
      });
    };
    const arrayBuffer = async (): Promise<ArrayBuffer> => {
      reads += 1;
      if (readable < to && how === 'error') throw new DOMException('gone', 'NotReadableError');
      return Promise.resolve(bytes.slice(from, readable).buffer);
    };
    return { size: to - from, stream, arrayBuffer, slice: (a = 0, b = to - from) => slice(from + a, from + b) } as Blob;
  };
  const whole = slice(0, bytes.length);
  const file = new File([], path, { lastModified: modified });
  Object.defineProperties(file, {
    size: { value: bytes.length },
    stream: { value: () => slice(0, bytes.length).stream() },
    arrayBuffer: { value: () => slice(0, bytes.length).arrayBuffer() },
    slice: { value: (from = 0, to = whole.size) => slice(from, to) },
  });
  return {
    file,
    failFrom(from, by = 'error', times = Infinity) {
      limit = from;
      how = by;
      left = times;
    },
    get reads() {
      return reads;
    },
  };
}
