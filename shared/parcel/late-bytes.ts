/** The tag files that can be written only once every payload file was read. */
import { Problem } from '../problem/problem.ts';
import { utf8Encode } from '../bytes/utf8.ts';
import { sha256 } from '../crypto/sha256.ts';
import { BAGIT_TEXT, LISTED_TAG_FILES, manifestLine } from './bag.ts';
import type { LateName, Layout } from './layout.ts';
import { STATUS_LETTER } from './payload-status.ts';
import type { ReadStatus } from './payload-status.ts';

/** What was found of one payload file: SHA-256 of the bytes that are in the bag, and whether they are the file's own. */
export interface PayloadResult {
  readonly sha256: Uint8Array;
  readonly status: ReadStatus;
}

/** How many lines are joined to one text before they become bytes. */
const LINES_AT_ONCE = 1_000;

/**
 * The bytes of the three late files, from one result for each of `layout.payload`, in its order.
 * Problem `bag-damaged` when there are more or fewer results than files.
 */
export async function lateBytes(
  layout: Layout,
  results: readonly PayloadResult[],
): Promise<Record<LateName, Uint8Array<ArrayBuffer>>> {
  const { payload } = layout;
  if (results.length !== payload.length) throw new Problem('bag-damaged', { reason: 'results' });
  const status = utf8Encode(results.map(({ status }) => `${STATUS_LETTER[status]}\n`).join(''));
  const manifest = new Uint8Array(layout.lateSizes.manifest);
  let at = 0;
  for (let first = 0; first < payload.length; first += LINES_AT_ONCE) {
    const lines = payload
      .slice(first, first + LINES_AT_ONCE)
      .map(({ path }, i) => manifestLine(results[first + i]!.sha256, path));
    const bytes = utf8Encode(lines.join(''));
    manifest.set(bytes, at);
    at += bytes.length;
  }
  const listed = [utf8Encode(BAGIT_TEXT), utf8Encode(layout.bagInfo), status, manifest];
  const hashes = await Promise.all(listed.map((bytes) => sha256(bytes)));
  const tagmanifest = utf8Encode(hashes.map((hash, i) => manifestLine(hash, LISTED_TAG_FILES[i]!)).join(''));
  return { 'payload-status': status, manifest, tagmanifest };
}
