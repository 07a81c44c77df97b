/** Two server processes and their PostgreSQL, killed at random while parts come in over connections that break: nothing acknowledged is lost, nothing is corrupt. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '../../server/store/database.ts';
import { openParcels } from '../../server/store/parcels.ts';
import { openParts } from '../../server/store/parts.ts';
import { createDiskBlobs } from '../../server/store/blobs-disk.ts';
import { partRoute } from '../../shared/protocol/routes.ts';
import { freePort } from '../kit/free-port.ts';
import { makeOrganisation } from '../kit/organisation.ts';
import { startNode } from '../kit/programs.ts';
import type { Running } from '../kit/programs.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { BODY_TYPE, createSender, MIB, openAt, sealAt } from '../kit/sender.ts';
import { startTestDatabase } from '../kit/test-database.ts';
import { until } from '../kit/waiting.ts';

const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 5);
const LANES = 4;
const PARTS = 12;
const TUS = { 'tus-resumable': '1.0.0' };

interface Answer {
  readonly status: number;
  readonly offset: number | null;
}

/** One request; `cutAfter` resets the connection when so many bytes have been handed over. Null when no answer came. */
function send(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: Uint8Array,
  cutAfter: number,
): Promise<Answer | null> {
  return new Promise((resolve) => {
    const request = httpRequest(url, {
      method,
      headers: { ...headers, 'content-length': String(body.length) },
      agent: false,
    });
    request.on('response', (response) => {
      response.resume();
      const offset = response.headers['upload-offset'];
      resolve({ status: response.statusCode!, offset: offset === undefined ? null : Number(offset) });
    });
    request.on('error', () => resolve(null));
    request.setTimeout(20_000, () => request.destroy(new Error('silence')));
    if (cutAfter >= body.length) request.end(body);
    else request.write(body.subarray(0, cutAfter), () => setTimeout(() => request.destroy(new Error('cut')), 5));
  });
}

test(`for ${SECONDS} s`, { timeout: (SECONDS + 120) * 1000 }, async () => {
  await using database = await startTestDatabase();
  const organisation = await makeOrganisation(database.data);
  const ports = [await freePort(), await freePort()];
  const processes: (Running | null)[] = [null, null];
  const start = async (index: number): Promise<void> => {
    const server = startNode('server/main.ts', [], {
      env: {
        POSTERN_DATA: database.data,
        POSTERN_DATABASE_URL: database.url,
        POSTERN_SOURCE_PORT: String(ports[index]),
        POSTERN_STAFF_PORT: '0',
        POSTERN_OPS_PORT: '0',
        POSTERN_RESERVE: '0',
      },
    });
    processes[index] = server;
    await until(
      'it is ready',
      30_000,
      () => /^postern source/m.test(server.out()) || server.child.exitCode !== null,
      10,
    );
  };
  await Promise.all([start(0), start(1)]);
  expect(organisation.receipt.publicKey).toHaveLength(32);

  const seen = { kills: 0, databaseKills: 0, cuts: 0, conflicts: 0, away: 0, acknowledged: 0, parcels: 0, bytes: 0 };
  const wrong: string[] = [];
  const end = performance.now() + SECONDS * 1000;
  const chance = (share: number): boolean => random(1)[0]! < share * 256;
  const anyBase = (): string => `http://127.0.0.1:${ports[random(1)[0]! & 1]}`;
  const insist = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === 200) throw error;
        await sleep(50);
      }
    }
  };
  const sealed: { parcel: string; parts: Uint8Array[] }[] = [];

  const killer = async (): Promise<void> => {
    while (performance.now() < end) {
      await sleep(200 + random(1)[0]! * 4);
      const index = random(1)[0]! & 1;
      const server = processes[index];
      if (chance(0.25)) {
        const file = await readFile(join(database.data, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
        const pid = Number(file.split('\n')[0]);
        if (pid > 0 && file.includes('ready')) process.kill(pid, 'SIGKILL');
        seen.databaseKills++;
      } else if (server) {
        await server.kill();
        seen.kills++;
        await start(index);
      }
    }
  };

  /** Brings one part in, come what may, and checks that the offset never goes back behind what was acknowledged. */
  const bringIn = async (
    sender: Awaited<ReturnType<typeof createSender>>,
    part: number,
    bytes: Uint8Array,
  ): Promise<void> => {
    const path = partRoute(sender.parcel, part);
    const headers = await sender.creation(part, bytes);
    let acknowledged = 0;
    const note = (answer: Answer | null, what: string): number | null => {
      if (answer?.status === 409) seen.conflicts++;
      if (answer?.status === 503) seen.away++;
      if (answer !== null && ![200, 201, 204, 404, 409, 503].includes(answer.status))
        wrong.push(`${what} ${answer.status}`);
      if (answer === null || answer.offset === null || answer.status >= 400) return null;
      if (answer.offset < acknowledged) wrong.push(`${what}: ${answer.offset} after ${acknowledged}`);
      acknowledged = Math.max(acknowledged, answer.offset);
      seen.acknowledged++;
      return answer.offset;
    };
    let offset: number | null = null;
    while (offset !== bytes.length) {
      const slice = 1 + ((random(4).reduce((sum, byte) => sum * 256 + byte, 0) >>> 0) % bytes.length);
      const cut = chance(0.2) ? (seen.cuts++, random(1)[0]! * 1000) : Infinity;
      if (offset === null) {
        const looked = note(await send('HEAD', anyBase() + path, TUS, new Uint8Array(0), Infinity), 'HEAD');
        offset = looked ?? note(await send('POST', anyBase() + path, { ...headers, ...BODY_TYPE }, bytes, cut), 'POST');
        if (offset === null) await sleep(20);
      } else {
        const body = bytes.subarray(offset, offset + slice);
        offset = note(
          await send('PATCH', anyBase() + path, { ...TUS, ...BODY_TYPE, 'upload-offset': String(offset) }, body, cut),
          'PATCH',
        );
      }
    }
    seen.bytes += bytes.length;
  };

  const source = async (): Promise<void> => {
    while (performance.now() < end) {
      const sender = await createSender({ parts: PARTS });
      const sizes = Array.from({ length: PARTS }, () => 1000 + random(2)[0]! * 4000);
      const parts = sizes.map((size, part) => patternBytes(size, part + random(1)[0]! * 100));
      await insist(() => openAt(anyBase(), sender));
      let next = 0;
      await Promise.all(
        Array.from({ length: LANES }, async () => {
          while (next < PARTS) {
            const part = next++;
            await bringIn(sender, part, parts[part]!);
          }
        }),
      );
      await insist(async () => {
        const answer = await sealAt(anyBase(), sender, parts);
        if (answer.status === 503) throw new Error('away');
        expect([answer.status, answer.status === 200 ? '' : await answer.text()]).toEqual([200, '']);
      });
      sealed.push({ parcel: sender.parcel, parts });
      seen.parcels++;
    }
  };

  try {
    await Promise.all([killer(), source(), source()]);
  } finally {
    for (const server of processes) await server?.kill();
  }
  expect(wrong).toEqual([]);
  expect(seen.kills + seen.databaseKills).toBeGreaterThan(0);
  expect(seen.parcels).toBeGreaterThan(0);
  await until('the database is back', 30_000, () =>
    database.database
      .run((sql) => sql`select 1`)
      .then(
        () => true,
        () => false,
      ),
  );

  // What lies on the disk is, byte for byte, what was sent: read without the server.
  const reader = openDatabase({ url: database.url });
  const blobs = createDiskBlobs({ folder: join(database.data, 'blobs'), random, now: () => new Date() });
  for (const { parcel, parts } of sealed) {
    expect((await openParcels(reader).find(parcel))?.receipt).toContain('postern/receipt/v1');
    for (const [part, bytes] of parts.entries()) {
      const state = await openParts(reader).finished({ direction: 'submission', parcel, part });
      const hash = createHash('sha256');
      for (const { name, length } of state!.blobs)
        for await (const piece of blobs.read(parcel, name, 0, length)) hash.update(piece);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  }
  await reader.close();
  console.log(`soak: ${JSON.stringify({ ...seen, megabytes: Math.round(seen.bytes / MIB) })}`);
});
