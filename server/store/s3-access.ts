/** The S3 client: the settings under which it neither hangs nor keeps damaged bytes, tries again within bounds, and errors as the server knows them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import type { Random } from '../../shared/bytes/random.ts';
import { Problem } from '../../shared/problem/problem.ts';
import type { S3Config } from '../config.ts';
import { s3Fault, s3FaultName } from './s3-faults.ts';

export interface S3Patience {
  /** Milliseconds until a connection stands, without a byte either way, and for one request until its answer begins. */
  readonly connect: number;
  readonly idle: number;
  readonly request: number;
  /** Most tries, and milliseconds after which no further one begins. */
  readonly tries: number;
  readonly whole: number;
  /** Milliseconds before the second try; twice as many before each further one. */
  readonly pause: number;
}

/** A source's browser gives an answer up after 100 seconds: by then the last try should have ended. */
export const S3_PATIENCE: S3Patience = {
  connect: 5_000,
  idle: 15_000,
  request: 45_000,
  tries: 4,
  whole: 45_000,
  pause: 200,
};

export interface S3Options {
  readonly config: S3Config;
  readonly random: Random;
  /** Milliseconds, only ever rising. */
  readonly clock: () => number;
  /** Told the code of what keeps the store from working. */
  readonly report: (code: string) => void;
  readonly patience?: S3Patience;
}

export interface S3Access {
  readonly client: S3Client;
  readonly bucket: string;
  /**
   * Runs `work`, again when it fails in passing: it must be the same each time. Rejects with ENOENT for what is absent, ENOSPC when
   * the store is full, Problem `storage-away` when it cannot be reached or does not let us.
   */
  readonly persist: <Result>(work: () => Promise<Result>, tries?: number) => Promise<Result>;
  /** The error that `persist` would reject with for this one. */
  readonly translate: (error: unknown) => unknown;
}

const quiet = (): void => undefined;

/** Opens a store; nothing is asked of it yet. */
export function openS3({ config, random, clock, report, patience = S3_PATIENCE }: S3Options): S3Access {
  const client = new S3Client({
    endpoint: config.endpoint,
    region: config.region,
    credentials: { accessKeyId: config.accessKey, secretAccessKey: config.secretKey },
    forcePathStyle: true,
    // Otherwise bodies travel with checksums at their end, which some stores take for content.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Otherwise large bodies get a connection of their own each.
    expectContinueHeader: false,
    // Tries are counted here, where it is known how long whoever waits will wait.
    maxAttempts: 1,
    // It would speak on the terminal.
    logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
    requestHandler: {
      connectionTimeout: patience.connect,
      requestTimeout: patience.request,
      throwOnRequestTimeout: true,
      socketTimeout: patience.idle,
      httpAgent: { keepAlive: true, maxSockets: Infinity },
      httpsAgent: { keepAlive: true, maxSockets: Infinity },
    },
  });

  const translate = (error: unknown): unknown => {
    const fault = s3Fault(error);
    if (fault === null) return error;
    if (fault === 'absent') return Object.assign(new Error('A blob is not there.'), { code: 'ENOENT' });
    if (fault === 'short') return Object.assign(new Error('A blob is shorter than it was.'), { code: 'ESHORT' });
    if (fault === 'full') return Object.assign(new Error('The S3 store is full.'), { code: 'ENOSPC' });
    report(s3FaultName(error));
    return new Problem('storage-away');
  };

  return {
    client,
    bucket: config.bucket,
    translate,
    async persist(work, tries = patience.tries) {
      const end = clock() + patience.whole;
      for (let attempt = 1; ; attempt++) {
        try {
          return await work();
        } catch (error) {
          if (s3Fault(error) !== 'passing' || attempt >= tries || clock() >= end) throw translate(error);
        }
        await sleep(patience.pause * 2 ** (attempt - 1) * (0.5 + random(1)[0]! / 256));
      }
    },
  };
}
