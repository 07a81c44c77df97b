/** Looks at files before they are sent, and when they are chosen again: the samples by which the ledger knows them. */
import { concat } from '../../shared/bytes/concat.ts';
import { manySha256 } from '../../shared/crypto/many-sha256.ts';
import { fingerprint } from '../../shared/ledger/fingerprint.ts';
import { SAMPLED, sampleRanges } from '../../shared/ledger/sampling.ts';
import { readSmall } from './file-reading.ts';

export interface Look {
  /** A secret: it opens the file's entry in the ledger. */
  readonly fingerprint: Uint8Array;
  /** SHA-256 of a small file, which is read whole; null for a larger one. */
  readonly sha256: Uint8Array | null;
}

/** How many files are looked at at a time: what costs is the asking, not the bytes. */
const AT_ONCE = 48;

/** Null when the file cannot be read. */
export async function lookAt(file: Blob): Promise<Look | null> {
  const samples: Uint8Array[] = [];
  for (const { from, to } of sampleRanges(file.size)) {
    const bytes = await readSmall(file, from, to);
    if (bytes === null) return null;
    samples.push(bytes);
  }
  const joined = samples.length === 1 ? samples[0]! : concat(...samples);
  return {
    fingerprint: await fingerprint(file.size, joined),
    sha256: file.size <= SAMPLED ? await manySha256(joined) : null,
  };
}

/** Looks at all of them, many at a time; `onLook` comes in any order, and is waited for. Rejects when it does, or once `ended` is aborted. */
export async function lookAtAll(
  files: readonly Blob[],
  onLook: (index: number, look: Look | null) => Promise<void>,
  ended: AbortSignal,
): Promise<void> {
  let next = 0;
  async function work(): Promise<void> {
    while (next < files.length) {
      const index = next++;
      ended.throwIfAborted();
      await onLook(index, await lookAt(files[index]!));
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, work));
}
