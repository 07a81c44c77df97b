/**
 * Memory for the plaintext of parts, shared by all threads and used again for one parcel after the other. What is handed from thread to thread
 * instead is counted anew at each, and V8 then marks its heaps time and again: a tenth of all processor time.
 */
import { MAX_PART_SIZE } from '../../shared/parcel/parts.ts';

/** See {@link createPartBuffers}. */
export interface PartBuffers {
  /** A buffer of at least `size` bytes, which are whatever they were. */
  take(size: number): SharedArrayBuffer;
  give(buffer: SharedArrayBuffer): void;
  /** Lets go of those that nobody has. */
  clear(): void;
}

/** Buffers as many as are taken at the same time. */
export function createPartBuffers(): PartBuffers {
  const free: SharedArrayBuffer[] = [];
  return {
    take(size) {
      // One that can grow lies on whole pages of memory, as writing past the page cache needs it (see direct-write.ts).
      const buffer = free.pop() ?? new SharedArrayBuffer(size, { maxByteLength: MAX_PART_SIZE });
      if (buffer.byteLength < size) buffer.grow(size);
      return buffer;
    },
    give(buffer) {
      free.push(buffer);
    },
    clear() {
      free.length = 0;
    },
  };
}
