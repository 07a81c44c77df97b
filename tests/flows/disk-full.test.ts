/** A disk fills up in the middle of an upload: said in words, nothing that was acknowledged is lost, and once there is room it goes on by itself. */
import { readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startFirstSending } from '../../client/upload/first-sending.ts';
import type { Transport } from '../../client/upload/transport.ts';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { CARD_ROUTE } from '../../shared/protocol/routes.ts';
import { openCard } from '../../shared/statements/card.ts';
import { testEffects, testKeys } from '../client/upload/run-engine.ts';
import { admin } from '../kit/admin.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { fetchTransport } from '../kit/fetch-transport.ts';
import { makeFootage } from '../kit/footage.ts';
import { run } from '../kit/programs.ts';
import { expectSameBag } from '../kit/same-bag.ts';
import { mountSmallDisk } from '../kit/small-disk.ts';
import type { SmallDisk } from '../kit/small-disk.ts';
import { until } from '../kit/waiting.ts';

const MIB = 1_048_576;
/** Parts that are there when the disk fills up. */
const BEFORE = 4;
const LIMIT_MS = 300_000;

let drop: Drop | null = null;
let disk: SmallDisk | null = null;
afterEach(async () => {
  await drop?.stopServer();
  await disk?.[Symbol.asyncDispose]();
  await drop?.[Symbol.asyncDispose]();
  drop = disk = null;
});

interface Seen {
  /** By address of the part: the farthest that any answer acknowledged. */
  readonly acknowledged: Map<string, number>;
  /** What the server said when it would take nothing. */
  readonly refusals: { readonly status: number; readonly code: unknown }[];
}

/** The way to the server, which waits at the moment when enough parts are there until `full` has come. */
function watched(source: string, { acknowledged, refusals }: Seen, full: () => Promise<void>): Transport {
  const transport = fetchTransport(source);
  let filling: Promise<void> | null = null;
  return async (request) => {
    if (acknowledged.size >= BEFORE) await (filling ??= full());
    const answer = await transport(request);
    const offset = answer === null || answer.status >= 300 ? null : answer.header('upload-offset');
    if (offset !== null) {
      const before = acknowledged.get(request.path) ?? 0;
      if (Number(offset) < before) throw new Error(`${request.path} went back from ${before} to ${offset}`);
      acknowledged.set(request.path, Number(offset));
    }
    if (answer !== null && answer.status >= 500)
      refusals.push({ status: answer.status, code: (JSON.parse(answer.text || '{}') as { code?: unknown }).code });
    return answer;
  };
}

/** Puts what is in a folder of the data onto a small disk that is mounted in its place. */
async function ontoSmallDisk({ data, folder }: Drop, place: string, megabytes: number): Promise<SmallDisk> {
  const [there, before] = [join(data, place), join(folder, 'before')];
  await rename(there, before);
  const mounted = await mountSmallDisk(there, join(folder, 'disk.img'), megabytes);
  const copied = await run('cp', ['-a', `${before}/.`, there]);
  if (copied.code !== 0) throw new Error(copied.err);
  return mounted;
}

test.each([
  // With a database that cannot write its log it ends, and is away until there is room.
  ['the blobs', 'blobs', 48, [{ status: 507, code: 'storage-full' }]],
  [
    'PostgreSQL',
    'postgres',
    128,
    [
      { status: 507, code: 'storage-full' },
      { status: 503, code: 'database-away' },
    ],
  ],
] as const)('the disk of %s', async (_, place, megabytes, allowed) => {
  drop = await startDrop({ page: false, env: { POSTERN_RESERVE: '0' } });
  await drop.stopServer();
  disk = await ontoSmallDisk(drop, place, megabytes);
  await drop.startServer();
  const { source, folder, rootKey } = drop;
  const { fill, empty } = disk;
  const footage = await makeFootage(folder, 'footage', { small: 20, big: 12 * MIB });
  const card = await openCard(await (await fetch(source + CARD_ROUTE)).text(), fromBase64Url(rootKey, 32));
  const files = await Promise.all(
    footage.paths.map(async (path) => {
      const at = join(footage.folder, path);
      return {
        path,
        file: new File([await readFile(at)], path, { lastModified: Math.floor((await stat(at)).mtimeMs) }),
      };
    }),
  );
  const seen: Seen = { acknowledged: new Map(), refusals: [] };
  const engine = startFirstSending({
    ...testEffects({ sourceUrl: source }, card, { transport: watched(source, seen, fill) }),
    files,
    message: null,
    keys: testKeys(card),
    partSize: MIB,
  });
  await until('a few refusals', LIMIT_MS, () => seen.refusals.length >= 5);
  // A page tells in words which of them it is.
  await until('it says so', LIMIT_MS, () => allowed.some(({ code }) => code === engine.state().problem?.code), 10);
  for (const refusal of seen.refusals) expect(allowed).toContainEqual(refusal);

  const acknowledged = [...seen.acknowledged];
  await empty();
  // What was acknowledged while the disk was full, or before, is there in any case.
  for (const [path, offset] of acknowledged) {
    const there = await until(path, LIMIT_MS, async () => {
      const answer = await fetch(source + path, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
      return answer.ok && answer.headers.get('upload-offset');
    });
    expect(Number(there)).toBeGreaterThanOrEqual(offset);
  }
  await engine.done;
  expect(engine.state()).toMatchObject({ phase: 'received', problem: null });

  // Every row has its blobs, no blob is without its row, and all is counted.
  expect(await admin(drop.data, ['fsck', '--json'])).toMatchObject({ code: 0, err: '' });
  expect((await drop.pull()).code).toBe(0);
  const out = join(folder, 'out');
  const extracted = await drop.desk('extract', drop.bundle, '--keys', drop.keys, '--out', out, '--json');
  expect(extracted).toMatchObject({ code: 0, err: '' });
  const [{ parcel }] = (JSON.parse(extracted.out) as { parcels: [{ parcel: string }] }).parcels;
  await expectSameBag(join(out, parcel), footage.folder, '', footage.paths);
});
