/** What the main thread and those that hash written files say to each other. */

export type HashName = 'sha256' | 'sha512';

/** "Hash this file", answered by any number of `seen` and one of the others. */
export interface HashJob {
  readonly path: string;
  readonly names: readonly HashName[];
}

export type HashAnswer =
  | { readonly kind: 'seen'; readonly bytes: number }
  /** Null when no plain file lies there. */
  | { readonly kind: 'hashes'; readonly hashes: Readonly<Partial<Record<HashName, string>>> | null }
  | { readonly kind: 'failed'; readonly code: string };
