/** Reads a run of bytes of a File into a buffer of ours: without a copy where the browser can, and telling how far it came. */

/** The buffer with all that was wanted; or how far reading came, and why not farther: gone or changed, or ended before its time. */
export type Reading =
  | { readonly kind: 'read'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'failed'; readonly length: number; readonly reason: 'unreadable' | 'short' };

/**
 * Reads `[from, to)` of `file` into `buffer` at `at`. The buffer travels through the stream: the one in the answer is to be used from
 * then on, and after a failure there is none. Never rejects.
 */
export async function readInto(
  file: Blob,
  from: number,
  to: number,
  buffer: ArrayBuffer,
  at: number,
): Promise<Reading> {
  const wanted = to - from;
  let length = 0;
  try {
    const reader = openBytes(file.slice(from, to));
    if (reader === null) return await readWhole(file.slice(from, to), buffer, at, wanted);
    for (let held = buffer; ;) {
      const { done, value } = await reader.read(new Uint8Array(held, at + length, wanted - length));
      if (value === undefined) return { kind: 'failed', length, reason: 'unreadable' };
      held = value.buffer;
      length += value.byteLength;
      if (length === wanted) {
        await reader.cancel();
        return { kind: 'read', buffer: held };
      }
      if (done) return { kind: 'failed', length, reason: 'short' };
    }
  } catch {
    return { kind: 'failed', length, reason: 'unreadable' };
  }
}

/** Reads `[from, to)` of a small file into memory of its own; null when it cannot be read or is not as long. */
export async function readSmall(file: Blob, from: number, to: number): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    // A slice is another object to make and to free; of a whole file it would tell nothing of bytes that were added.
    const bytes = await (from === 0 && to === file.size ? file : file.slice(from, to)).arrayBuffer();
    return bytes.byteLength === to - from ? new Uint8Array(bytes) : null;
  } catch {
    return null;
  }
}

/** A reader that fills buffers of ours; null where the browser has none. */
function openBytes(blob: Blob): ReadableStreamBYOBReader | null {
  const stream = blob.stream();
  try {
    return stream.getReader({ mode: 'byob' });
  } catch {
    return null;
  }
}

async function readWhole(blob: Blob, buffer: ArrayBuffer, at: number, wanted: number): Promise<Reading> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (bytes.length < wanted) return { kind: 'failed', length: bytes.length, reason: 'short' };
  new Uint8Array(buffer).set(bytes.subarray(0, wanted), at);
  return { kind: 'read', buffer };
}
