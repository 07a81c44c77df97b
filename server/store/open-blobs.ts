/** The place for blobs that the settings name: a folder of the data folder, or an S3 store. */
import { join } from 'node:path';
import type { Random } from '../../shared/bytes/random.ts';
import type { Config } from '../config.ts';
import type { BlobStore } from './blob-store.ts';
import { createDiskBlobs } from './blobs-disk.ts';
import { passOn } from './crash-points.ts';
import type { Reach } from './crash-points.ts';

export interface PlaceEffects {
  readonly random: Random;
  readonly now: () => Date;
  /** Milliseconds, only ever rising. */
  readonly clock: () => number;
  /** Told the code of what keeps an S3 store from working, each time. */
  readonly report: (code: string) => void;
  readonly reach?: Reach;
}

/**
 * A request waits so long for memory while others' bodies are on their way into an S3 store; and who brings less than a piece of 1 MiB in the
 * longer time keeps none when others wait: the slices of our page take half a minute.
 */
const MEMORY_LIMITS = { patience: 20_000, quiet: 120_000 };

/** Opens it; nothing is asked of it yet. What speaks S3 is loaded only where it is used. */
export async function openBlobs(
  { data, s3 }: Pick<Config, 'data' | 's3'>,
  { random, now, clock, report, reach = passOn }: PlaceEffects,
): Promise<BlobStore> {
  if (s3 === null) return createDiskBlobs({ folder: join(data, 'blobs'), random, now, reach });
  const [{ createS3Blobs }, { openS3 }, { createBufferPool }] = await Promise.all([
    import('./blobs-s3.ts'),
    import('./s3-access.ts'),
    import('./buffer-pool.ts'),
  ]);
  const access = openS3({ config: s3, random, clock, report });
  return createS3Blobs({ access, pool: createBufferPool(s3.memory, MEMORY_LIMITS, clock), random, reach });
}
