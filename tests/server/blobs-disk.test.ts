/** Blobs in a folder do what every place for blobs does. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createDiskBlobs } from '../../server/store/blobs-disk.ts';
import type { BlobStore } from '../../server/store/blob-store.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { testBlobStore } from '../kit/blob-store-behaviour.ts';
import { random } from '../kit/random-bytes.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let blobs: BlobStore;
let made = 0;

const now = () => new Date();
async function fresh(): Promise<BlobStore> {
  const place = join(folder.path, `blobs-${made++}`);
  await mkdir(place);
  return createDiskBlobs({ folder: place, random, now });
}

beforeAll(async () => {
  folder = await temporaryFolder();
  blobs = await fresh();
});
afterAll(() => folder[Symbol.asyncDispose]());

testBlobStore(() => ({ blobs, fresh, today: () => dayOf(now()), many: 1001 }));
