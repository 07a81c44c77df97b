/** A blob store over a real S3 store, with the patience that a test has. */
import { performance } from 'node:perf_hooks';
import type { S3Config } from '../../server/config.ts';
import type { BlobStore } from '../../server/store/blob-store.ts';
import { createBufferPool } from '../../server/store/buffer-pool.ts';
import { createS3Blobs } from '../../server/store/blobs-s3.ts';
import { openS3 } from '../../server/store/s3-access.ts';
import type { S3Patience } from '../../server/store/s3-access.ts';
import { random } from './random-bytes.ts';

/** Gives up after some seconds in place of most of a minute. */
export const SHORT_PATIENCE: S3Patience = {
  connect: 1_000,
  idle: 2_000,
  request: 6_000,
  tries: 3,
  whole: 6_000,
  pause: 50,
};

export interface TestS3Blobs {
  readonly blobs: BlobStore;
  /** Codes of what kept the store from working. */
  readonly reported: string[];
}

/** Opens the bucket of `config`. */
export function openTestS3Blobs(config: S3Config, patience: S3Patience = SHORT_PATIENCE): TestS3Blobs {
  const reported: string[] = [];
  const clock = (): number => performance.now();
  const access = openS3({
    config,
    random,
    clock,
    report: (code) => void reported.push(code),
    patience,
  });
  const pool = createBufferPool(config.memory, { patience: 5_000, quiet: 60_000 }, clock);
  return { blobs: createS3Blobs({ access, pool, random }), reported };
}
