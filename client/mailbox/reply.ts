/** An opened reply, as pages see it: its words, its files, and the ways to have a file. All that it gives was proved first. */
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';

/** An attachment. */
export interface ReplyFile {
  /** Its place in the list. */
  readonly index: number;
  /** Relative path with `/`, as the organisation named it: may hold any character but NUL. */
  readonly path: string;
  readonly size: number;
}

/** How far a long piece of work has come, in bytes. */
export interface ReplyProgress {
  readonly done: number;
  readonly total: number;
}

export interface ReadingOptions {
  /** Aborting it ends the reading: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReplyProgress) => void;
}

/** Where a file goes that is not kept in memory: what a FileSystemWritableFileStream is. */
export interface FileSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** All of it was written, and proved. */
  close(): Promise<void>;
  /** It is not to be kept. */
  abort(): Promise<void>;
}

export interface OpenedReply {
  readonly opening: ReplyOpening;
  /** Null when there are only files. */
  readonly message: string | null;
  readonly files: readonly ReplyFile[];
  /** The whole file. Problem `reply-refused` when a part of it is not what the organisation signed: then nothing of it is given. */
  readFile(file: ReplyFile, options?: ReadingOptions): Promise<Blob>;
  /** The same, piece by piece into `sink`, which is closed after the last proof and aborted otherwise. */
  writeFile(file: ReplyFile, sink: FileSink, options?: ReadingOptions): Promise<void>;
}
