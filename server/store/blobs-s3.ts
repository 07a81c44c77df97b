/** Blobs as objects of an S3 bucket, `<parcel>/<name>`: one PutObject each, whose MD5 the store checks before it says that it has the bytes. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import type { BlobStore, BlobWriter, StoredBlob } from './blob-store.ts';
import type { BufferPool } from './buffer-pool.ts';
import { passOn } from './crash-points.ts';
import type { Reach } from './crash-points.ts';
import type { S3Access } from './s3-access.ts';
import { statusOf } from './s3-faults.ts';

const MARK = 'instance';
/** Removals under way at once: single ones, because every store takes those alike. */
const REMOVALS = 16;
const READY_MS = 2_000;
/** Tries in a row to read on that brought nothing. */
const IDLE_READS = 3;
const WRONG: Readonly<Record<number, string>> = {
  301: 'The bucket of POSTERN_S3_BUCKET lies elsewhere than POSTERN_S3_ENDPOINT and POSTERN_S3_REGION say.',
  400: 'The S3 store does not understand us: POSTERN_S3_REGION or POSTERN_S3_ENDPOINT is wrong.',
  403: 'The S3 store refuses POSTERN_S3_ACCESS_KEY with POSTERN_S3_SECRET_KEY, or lets them not use the bucket.',
  404: 'There is no bucket of the name in POSTERN_S3_BUCKET; make it first.',
};
const OTHER_LENGTH = 'A blob is not as long as it was.';

export interface S3BlobOptions {
  readonly access: S3Access;
  readonly pool: BufferPool;
  readonly random: Random;
  readonly reach?: Reach;
}

/** A blob store in a bucket that is there already. */
export function createS3Blobs({ access, pool, random, reach = passOn }: S3BlobOptions): BlobStore {
  const { client, bucket: Bucket, persist, translate } = access;
  const key = (parcel: string, name: string): string => `${parcel}/${name}`;

  const put = (Key: string, pieces: readonly Uint8Array[], md5: string): Promise<unknown> => {
    const ContentLength = pieces.reduce((sum, { length }) => sum + length, 0);
    return persist(() =>
      client.send(
        new PutObjectCommand({
          Bucket,
          Key,
          Body: Readable.from(pieces),
          ContentLength,
          ContentMD5: md5,
          ContentType: 'application/octet-stream',
        }),
      ),
    );
  };
  const get = (Key: string, from: number, to: number): Promise<Readable> =>
    persist(async () => {
      const { Body, ContentLength } = await client
        .send(new GetObjectCommand({ Bucket, Key, Range: `bytes=${from}-${to - 1}` }))
        .catch((error: Error) => {
          throw error.name === 'InvalidRange' ? new Error(OTHER_LENGTH) : error;
        });
      const body = Body as Readable;
      if (ContentLength === to - from) return body;
      body.destroy();
      throw new Error(OTHER_LENGTH);
    });
  const drop = (Key: string, tries?: number): Promise<unknown> =>
    persist(() => client.send(new DeleteObjectCommand({ Bucket, Key })), tries);
  const dropAll = async (keys: readonly string[]): Promise<void> => {
    const rest = [...keys];
    const lane = async (): Promise<void> => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        if (rest.length === keys.length - 2) reach('blobs-half-removed');
        await drop(next);
      }
    };
    await Promise.all(Array.from({ length: Math.min(REMOVALS, rest.length) }, lane));
  };
  async function* pages(Prefix: string, Delimiter?: string): AsyncGenerator<ListObjectsV2CommandOutput> {
    let ContinuationToken: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await persist(() =>
        client.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter, ContinuationToken })),
      );
      yield page;
      ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }

  return {
    create(parcel, given) {
      const name = given ?? toHex(random(16));
      const Key = key(parcel, name);
      return Promise.resolve(
        createWriter(name, pool, { put: (pieces, md5) => put(Key, pieces, md5), drop: () => drop(Key, 1), reach }),
      );
    },
    async *read(parcel, name, from, to) {
      for (let at = from, idle = 0; at < to;) {
        const start = at;
        const body = await get(key(parcel, name), at, to);
        try {
          for await (const piece of body as AsyncIterable<Uint8Array>) {
            at += piece.length;
            yield piece;
          }
        } catch (error) {
          // The link broke: it goes on from where it was, as long as that brings something.
          idle = at === start ? idle + 1 : 0;
          if (idle === IDLE_READS) throw translate(error);
        } finally {
          body.destroy();
        }
      }
    },
    remove: (parcel, names) => dropAll(names.map((name) => key(parcel, name))),
    async removeParcel(parcel) {
      for await (const { Contents = [] } of pages(`${parcel}/`)) await dropAll(Contents.map(({ Key }) => Key!));
    },
    async parcels() {
      const found: string[] = [];
      for await (const { CommonPrefixes = [] } of pages('', '/'))
        found.push(...CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(0, -1)));
      return found.filter((name) => /^[0-9a-f]{32}$/.test(name));
    },
    async list(parcel) {
      const found: StoredBlob[] = [];
      for await (const { Contents = [] } of pages(`${parcel}/`))
        for (const { Key, LastModified, Size } of Contents)
          found.push({ name: Key!.slice(parcel.length + 1), day: dayOf(LastModified!), length: Size! });
      return found;
    },
    // A store does not tell; quotas are what bounds it.
    free: () => Promise.resolve(Number.MAX_SAFE_INTEGER),
    async belongsTo(instance) {
      const mark = await readMark();
      if (mark !== null) return mark === instance;
      const { KeyCount } = await persist(() => client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 })));
      if (KeyCount !== 0) return false;
      const bytes = Buffer.from(`${instance}\n`);
      await put(MARK, [bytes], createHash('md5').update(bytes).digest('base64'));
      // Another may have put its own meanwhile.
      return (await readMark()) === instance;
    },
    async ready() {
      const abortSignal = AbortSignal.timeout(READY_MS);
      await persist(
        () =>
          client.send(new HeadBucketCommand({ Bucket }), { abortSignal }).catch((error: Error) => throwWrong(error)),
        1,
      );
    },
  };

  async function readMark(): Promise<string | null> {
    try {
      const { Body } = await persist(() => client.send(new GetObjectCommand({ Bucket, Key: MARK })));
      return (await Body!.transformToString()).trim();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }
}

/** What an answer about the bucket says of the settings: it comes without a code, so its status must do. */
function throwWrong(error: Error): never {
  const sentence = WRONG[statusOf(error) ?? 0];
  throw sentence === undefined ? error : new Error(sentence);
}

interface Target {
  readonly put: (pieces: readonly Uint8Array[], md5: string) => Promise<unknown>;
  readonly drop: () => Promise<unknown>;
  readonly reach: Reach;
}

/** Holds the bytes until they can go in one request, which alone is kept whole or not at all. */
function createWriter(name: string, pool: BufferPool, { put, drop, reach }: Target): BlobWriter {
  const buffer = pool.open();
  const hash = createHash('md5');
  let stored = false;
  reach('blob-opened');
  return {
    name,
    async write(pieces) {
      for (const piece of pieces) {
        await buffer.append(piece);
        hash.update(piece);
      }
      reach('blob-written');
    },
    async finish() {
      reach('blob-before-sync');
      try {
        await put(buffer.contents(), hash.digest('base64'));
        stored = true;
        reach('blob-folder-synced');
      } finally {
        // A try that was given up may still be sending from this memory: whatever it then sends has another MD5.
        buffer.release();
      }
    },
    async discard() {
      reach('blob-before-discard');
      buffer.release();
      // What a failed put has left all the same, or a failed removal, is an orphan for the sweeper.
      if (stored) await drop().catch(() => undefined);
    },
  };
}
