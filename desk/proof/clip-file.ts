/** What a statement binds of one file: its size and the tree of its chunks in the open, its name and its SHA-256 blinded. */
import { fromHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { writeFields } from '../../shared/statements/fields.ts';
import { leafHash } from './chunk-tree.ts';
import { blinded } from './clip-secrets.ts';
import type { FileSecrets } from './clip-secrets.ts';

/** A file as the desk knows it. */
export interface ClipFile {
  /** Path in the bag, `data/…`. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Root of the tree over its salted chunks, in hex. */
  readonly chunks: string;
}

/** A file as the statement binds it. */
export interface BlindedFile {
  readonly size: number;
  readonly chunks: string;
  readonly name: string;
  readonly sha256: string;
}

/** Hides what need not be shown. */
export function blindFile({ path, size, sha256, chunks }: ClipFile, secrets: FileSecrets): BlindedFile {
  return {
    size,
    chunks,
    name: blinded(secrets.name, utf8Encode(path)),
    sha256: blinded(secrets.sha256, fromHex(sha256, 32)),
  };
}

/** The leaf of a file in the tree of the statement. */
export function fileLeaf({ size, chunks, name, sha256 }: BlindedFile): Buffer {
  const text = writeFields('postern/clip-file/v1', [
    ['size', size],
    ['chunks', chunks],
    ['name', name],
    ['sha256', sha256],
  ]);
  return leafHash(utf8Encode(text));
}
