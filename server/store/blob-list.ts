/** The blobs of a part as the text in its row: `<name>:<length>` separated by single spaces; empty when there are none. */
import type { BlobRef } from './blob-store.ts';

/** The text for a list of blobs. */
export function formatBlobs(blobs: readonly BlobRef[]): string {
  return blobs.map(({ name, length }) => `${name}:${length}`).join(' ');
}

/** The blobs in a text. Throws when it was not written by `formatBlobs`. */
export function parseBlobs(text: string): BlobRef[] {
  if (text === '') return [];
  return text.split(' ').map((item) => {
    const match = /^([0-9a-f]{32}):([1-9]\d*)$/.exec(item);
    if (!match) throw new Error('A list of blobs is damaged.');
    return { name: match[1]!, length: Number(match[2]) };
  });
}
