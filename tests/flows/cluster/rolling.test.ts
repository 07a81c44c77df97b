/** A new version is put in place: server after server ends and another comes, behind the balancer as it is deployed, and sources go on sending. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../client/upload/clock.ts';
import { startFirstSending } from '../../../client/upload/first-sending.ts';
import { fromBase64Url } from '../../../shared/bytes/base64.ts';
import { CARD_ROUTE, partRoute } from '../../../shared/protocol/routes.ts';
import { openCard } from '../../../shared/statements/card.ts';
import { testEffects, testKeys } from '../../client/upload/run-engine.ts';
import { startBalancer } from '../../kit/balancer.ts';
import type { Balanced, Balancer } from '../../kit/balancer.ts';
import { makeDropKeys } from '../../kit/drop-keys.ts';
import { makeFootage } from '../../kit/footage.ts';
import { freePort } from '../../kit/free-port.ts';
import { startNode } from '../../kit/programs.ts';
import { patternBytes } from '../../kit/random-bytes.ts';
import { connectTo, head } from '../../kit/raw-request.ts';
import { expectSameBag } from '../../kit/same-bag.ts';
import { BODY_TYPE, createSender, openAt, sealAt } from '../../kit/sender.ts';
import type { Sender } from '../../kit/sender.ts';
import { startServerProcess } from '../../kit/server-process.ts';
import type { ServerProcess } from '../../kit/server-process.ts';
import { slowTransport } from '../../kit/slow-transport.ts';
import type { Exchanged } from '../../kit/slow-transport.ts';
import { startTestDatabase } from '../../kit/test-database.ts';
import type { TestDatabase } from '../../kit/test-database.ts';
import { until } from '../../kit/waiting.ts';
import { victimSettings } from '../../kit/victim.ts';

const MIB = 1_048_576;
const TUS = { 'tus-resumable': '1.0.0' };
/** On each connection, while servers are restarted; all that comes after is as fast as it can be. */
const SLOW = 80_000;
/** No question of a source may stay without a good answer for so long, its own waits included, on a machine that is busy. */
const LONGEST_MS = 10_000;

interface Place extends Balanced {
  readonly settings: Readonly<Record<string, string>>;
}

let database: TestDatabase;
let balancer: Balancer;
let places: readonly Place[];
let servers: ServerProcess[] = [];
let keys: string, courierKey: string, rootKey: string;

beforeAll(async () => {
  database = await startTestDatabase();
  const { data } = database;
  [keys, courierKey] = [join(data, '../keys'), join(data, '../courier.key')];
  const settings = victimSettings(data, database.url);
  rootKey = await makeDropKeys({ data, keys, courierKey, settings });
  places = await Promise.all([placeOf(settings), placeOf(settings)]);
  balancer = await startBalancer(places[0]!, places[1]!);
  servers = await Promise.all(places.map(start));
  await until('the balancer has noticed', 20_000, async () => (await fetch(balancer.source + CARD_ROUTE)).ok);
});
afterAll(async () => {
  await balancer?.[Symbol.asyncDispose]();
  await Promise.all(servers.map((server) => server.running.kill()));
  await database[Symbol.asyncDispose]();
});

async function placeOf(settings: Readonly<Record<string, string>>): Promise<Place> {
  const [source, staff, ops] = [await freePort(), await freePort(), await freePort()].map(String);
  const at = (port = ''): string => `http://127.0.0.1:${port}`;
  const ports = { POSTERN_SOURCE_PORT: source!, POSTERN_STAFF_PORT: staff!, POSTERN_OPS_PORT: ops! };
  return { source: at(source), staff: at(staff), ops: at(ops), settings: { ...settings, ...ports } };
}

const start = ({ settings }: Place): Promise<ServerProcess> =>
  startServerProcess({ ...settings, POSTERN_STAFF_NAMES: new URL(balancer.staff).host });

/** Ends one in good order; `restart` starts another in its place. */
async function stop(place: number): Promise<void> {
  expect(await servers[place]!.stop()).toMatchObject({ code: 0, err: '' });
}
async function restart(place: number): Promise<void> {
  await stop(place);
  servers[place] = await start(places[place]!);
}

/** What a source sees: by address of a part what was acknowledged and what is in trouble since when. */
function createWatch() {
  const acknowledged = new Map<string, number>();
  const troubles = new Map<string, number>();
  const wrong: string[] = [];
  const seen = { longest: 0, cut: 0, sent: 0, sentInVain: 0, parcel: '' };
  const onEnd = ({ request, answer, sent }: Exchanged): void => {
    const { path, method, headers } = request;
    const isGood = answer !== null && answer.status < 300;
    const key = path.includes('/parts/') ? path : `${method} ${path}`;
    seen.parcel = /^\/api\/parcels\/([0-9a-f]{32})/.exec(path)?.[1] ?? seen.parcel;
    seen.sent += sent;
    const now = performance.now();
    if (isGood) {
      seen.longest = Math.max(seen.longest, now - (troubles.get(key) ?? now));
      troubles.delete(key);
    } else if (answer?.status !== 404) {
      if (!troubles.has(key)) troubles.set(key, now);
      if (sent > 0) seen.cut += 1;
      seen.sentInVain += sent;
    }
    const from = method === 'PATCH' ? Number(headers['upload-offset']) : 0;
    const before = acknowledged.get(path) ?? 0;
    if (sent > 0 && from < before) wrong.push(`${path}: sent from ${from} after ${before} were acknowledged`);
    const offset = isGood ? Number(answer.header('upload-offset') ?? 0) : 0;
    if (method === 'HEAD' && offset < before) wrong.push(`${path}: ${offset} after ${before}`);
    acknowledged.set(path, Math.max(before, offset));
  };
  return { seen, wrong, acknowledged, troubles, onEnd };
}

test('an upload goes on while every server is replaced: nothing goes back, little is sent twice, and it comes out as it was', async () => {
  const folder = join(database.data, '..');
  const footage = await makeFootage(folder, 'footage', { small: 20, big: 7 * MIB });
  const card = await openCard(await (await fetch(balancer.source + CARD_ROUTE)).text(), fromBase64Url(rootKey, 32));
  const watch = createWatch();
  let rate = SLOW;
  const transport = slowTransport(balancer.source, { rate: () => rate, onEnd: watch.onEnd });
  const engine = startFirstSending({
    ...testEffects({ sourceUrl: balancer.source }, card),
    clock: systemClock,
    transport,
    keys: testKeys(card),
    partSize: MIB,
    files: await filesOf(footage.folder, footage.paths),
    message: null,
  });
  await until('it is under way', 30_000, () => engine.state().acknowledged > 0);
  for (const place of [0, 1]) await restart(place);
  // `waiting`: it has just been cut off, or the balancer has not yet seen that the first is back.
  expect(['uploading', 'waiting']).toContain(engine.state().phase);
  rate = Infinity;
  await engine.done;
  const { seen, wrong, troubles, acknowledged } = watch;
  expect(engine.state()).toMatchObject({ phase: 'received', problem: null });
  expect(wrong).toEqual([]);
  expect([...troubles.keys()]).toEqual([]);
  expect(seen.longest).toBeLessThan(LONGEST_MS);
  expect(seen.cut).toBeGreaterThan(0);
  const whole = [...acknowledged.values()].reduce((sum, offset) => sum + offset, 0);
  expect(seen.sent - whole).toBeLessThanOrEqual(seen.sentInVain);

  const bundle = join(folder, 'bundle');
  const env = { POSTERN_STAFF_URL: balancer.staff, POSTERN_COURIER_KEY: courierKey };
  expect(await startNode('courier/main.ts', ['pull', bundle], { env }).finished).toMatchObject({ code: 0, err: '' });
  const out = join(folder, 'out');
  const args = ['extract', bundle, '--keys', keys, '--out', out];
  expect(await startNode('desk/main.ts', args).finished).toMatchObject({ code: 0, err: '' });
  await expectSameBag(join(out, seen.parcel), footage.folder, '', footage.paths);
});

test('what had arrived of a part when its server was asked to end is kept to the byte', async () => {
  const sender = await createSender({ parts: 2 });
  const [size, first, more] = [900_000, 200_000, 300_000];
  const parts = [1, 2].map((seed) => patternBytes(size, seed));
  await openAt(balancer.source, sender);
  const slow = await Promise.all(parts.map((bytes, part) => beginPatch(sender, part, bytes, first, more)));
  await stop(0);
  await until('one of them has lost its server', 20_000, () => slow.some(({ isOver }) => isOver()));
  for (const [part, { isOver, socket }] of slow.entries()) {
    const bytes = parts[part]!;
    if (isOver()) expect(await offsetOf(sender, part)).toBe(first + more);
    else socket.write(bytes.subarray(first + more));
  }
  for (const [part, { ended, answer }] of slow.entries()) {
    await ended;
    if ((await offsetOf(sender, part)) === size) expect(answer()).toMatch(/^HTTP\/1\.1 204 /);
    else expect(await append(sender, part, parts[part]!, first + more)).toBe(204);
  }
  servers[0] = await start(places[0]!);
  expect((await sealAt(balancer.source, sender, parts)).status).toBe(200);
});

/** As a browser hands out what was chosen. */
function filesOf(folder: string, paths: readonly string[]) {
  return Promise.all(
    paths.map(async (path) => {
      const at = join(folder, path);
      const lastModified = Math.floor((await stat(at)).mtimeMs);
      return { path, file: new File([await readFile(at)], path, { lastModified }) };
    }),
  );
}

/** The first bytes of a part, and a PATCH with the rest of which only some arrive. */
async function beginPatch(sender: Sender, part: number, bytes: Uint8Array, first: number, more: number) {
  const path = partRoute(sender.parcel, part);
  const headers = { ...(await sender.creation(part, bytes)), ...BODY_TYPE };
  const body = Buffer.from(bytes.subarray(0, first));
  expect((await fetch(balancer.source + path, { method: 'POST', headers, body })).status).toBe(201);
  const socket = await connectTo(balancer.source);
  let text = '';
  let over = false;
  socket.on('error', () => undefined);
  socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => {
      over = true;
      resolve();
    });
  });
  const length = {
    'upload-offset': String(first),
    'content-length': String(bytes.length - first),
    connection: 'close',
  };
  socket.write(head('PATCH', path, { ...TUS, ...BODY_TYPE, ...length }));
  socket.write(bytes.subarray(first, first + more));
  await sleep(500);
  return { socket, ended, isOver: () => over, answer: () => text };
}

function offsetOf(sender: Sender, part: number): Promise<number> {
  return until('an answer of one of them', 20_000, async () => {
    const answer = await fetch(balancer.source + partRoute(sender.parcel, part), { method: 'HEAD', headers: TUS });
    return answer.ok && Number(answer.headers.get('upload-offset'));
  });
}

async function append(sender: Sender, part: number, bytes: Uint8Array, from: number): Promise<number> {
  const answer = await fetch(balancer.source + partRoute(sender.parcel, part), {
    method: 'PATCH',
    headers: { ...TUS, ...BODY_TYPE, 'upload-offset': String(from) },
    body: Buffer.from(bytes.subarray(from)),
  });
  return answer.status;
}
