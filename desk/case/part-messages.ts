/** What the main thread and the part workers say to each other. Buffers are shared, never copied; each is in one hand at a time. */

/** A worker starts with the identities that may open parts; they never leave the process. */
export interface PartWorkerData {
  readonly identities: readonly string[];
}

/** "Read this part": `into` takes its plaintext; nobody else touches it until the answer is there. */
export interface PartJob {
  readonly part: number;
  readonly path: string;
  /** Bytes and SHA-256 (hex) that the part statement gives. */
  readonly size: number;
  readonly sha256: string;
  /** Bytes of plaintext that the opening gives. */
  readonly plaintextSize: number;
  /** Most bytes of a file that are read at all. */
  readonly maxSize: number;
  readonly into: ArrayBuffer | SharedArrayBuffer;
}

/** What came of a part. `plaintext`: the first `plaintextSize` bytes of the buffer are it. In all other cases nothing of the buffer is meant to be used. */
export type PartVerdict =
  | { readonly kind: 'plaintext' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** Other bytes than the statement speaks of; `sha256` is null for a file too large to be any part. */
  | { readonly kind: 'differs'; readonly size: number; readonly sha256: string | null }
  | { readonly kind: 'not-for-us' }
  /** The bytes are the stated ones, and they do not decrypt, or not to the size that the opening gives. */
  | { readonly kind: 'undecryptable'; readonly code: 'age-header-damaged' | 'age-payload-damaged' | 'plaintext-size' };

export interface PartAnswer {
  readonly part: number;
  readonly verdict: PartVerdict;
}
