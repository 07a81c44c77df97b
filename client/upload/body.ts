/**
 * The ciphertext of a part while it waits to be sent. In Chromium it is a Blob: as fast as bytes when nobody watches, but ten times
 * as fast under developer tools, which put a body of bytes into their log; and it lies in another process, so that the memory it
 * was made in is free at once. Firefox gains nothing by a Blob, and keeps it in this process: there it is bytes.
 */
export type Body = Uint8Array<ArrayBuffer> | Blob;

/** True where parts are to become Blobs. */
export function wantsBlobs(): boolean {
  return 'userAgentData' in navigator;
}

/** Bytes in it. */
export function sizeOf(body: Body): number {
  return body instanceof Blob ? body.size : body.length;
}

/** The bytes `[from, to)` of it, without a copy. */
export function sliceOf(body: Body, from: number, to: number): Body {
  if (from === 0 && to === sizeOf(body)) return body;
  return body instanceof Blob ? weighed(body.slice(from, to)) : body.subarray(from, to);
}

/**
 * The collector takes a Blob for light and lets gigabytes gather in that other process. As much memory, never touched and so never
 * taken from the system, gives it its weight; every thread that gets hold of a Blob has a collector of its own to convince.
 */
export function weighed(blob: Blob): Blob {
  weights.set(blob, new ArrayBuffer(blob.size));
  return blob;
}

const weights = new WeakMap<Blob, ArrayBuffer>();
