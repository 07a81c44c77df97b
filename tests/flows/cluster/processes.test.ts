/** Two server processes over one PostgreSQL and one Ceph: whichever of them is asked, it is one installation. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readKeyFile } from '../../../courier/key-file.ts';
import { fromBase64Url, toBase64 } from '../../../shared/bytes/base64.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { CARD_ROUTE, claimRoute, PARCELS_ROUTE, partRoute } from '../../../shared/protocol/routes.ts';
import { openCard } from '../../../shared/statements/card.ts';
import { admin } from '../../kit/admin.ts';
import { audit, createWitness } from '../../kit/audit.ts';
import { writeBlob } from '../../kit/blob-store-behaviour.ts';
import { expectedFiles, makeChaosParcel } from '../../kit/chaos/chaos-parcel.ts';
import { bringInParcel } from '../../kit/chaos/chaos-sender.ts';
import type { Tally } from '../../kit/chaos/chaos-sender.ts';
import { startChaosSite } from '../../kit/chaos/chaos-site.ts';
import type { ChaosSite } from '../../kit/chaos/chaos-site.ts';
import { createDice } from '../../kit/chaos/dice.ts';
import type { UploadKind } from '../../kit/chaos/plan.ts';
import { reachVerdict } from '../../kit/chaos/verdict.ts';
import { mailboxOwner } from '../../kit/mailbox-owner.ts';
import { runNode } from '../../kit/programs.ts';
import { random } from '../../kit/random-bytes.ts';
import { connectTo, head } from '../../kit/raw-request.ts';
import { signInAt } from '../../kit/reply-sender.ts';
import { startRgw } from '../../kit/rgw.ts';
import type { Rgw } from '../../kit/rgw.ts';
import { openTestS3Blobs } from '../../kit/s3-blobs.ts';
import { BODY_TYPE, createSender, openAt, postJson } from '../../kit/sender.ts';
import { createSlicedUpload } from '../../kit/sliced-upload.ts';
import { solveWork, workIn } from '../../kit/solve-work.ts';

const DAY_MS = 86_400_000;
/** A newcomer always has some work to do. */
const WORK = { POSTERN_LEAST_WORK: '1' };
const KINDS: readonly UploadKind[] = ['sliced', 'handed', 'stock'];

let rgw: Rgw;
let site: ChaosSite;
let one: string, two: string;
const witness = createWitness();
const tally: Tally = { resets: 0, conflicts: 0, away: 0, acknowledged: 0, claims: 0, bytes: 0, wrong: [] };

beforeAll(async () => {
  rgw = await startRgw();
  const { blobs } = openTestS3Blobs(rgw.s3);
  site = await startChaosSite({ processes: 2, env: { ...rgw.settings, ...WORK }, blobs, crashing: false });
  [one, two] = site.servers.map(({ source }) => source) as [string, string];
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  await rgw[Symbol.asyncDispose]();
});

const environment = () => ({ ...rgw.settings, POSTERN_DATABASE_URL: site.database.url });

test('what is sent in slices to either is sealed, collected and extracted as it was', async () => {
  const seed = new DataView(random(4).buffer).getUint32(0);
  const rootKey = fromBase64Url(site.rootKey, 32);
  const card = await openCard(await (await fetch(one + CARD_ROUTE)).text(), rootKey);
  const sent = new Map<string, ReadonlyMap<string, string>>();
  await Promise.all(
    KINDS.map(async (kind, number) => {
      const dice = createDice(seed).fork(number);
      const files = [2_300_000, 0, 40_000].map((size, file) => ({
        path: `кадр ${file}.bin`,
        size,
        seed: number + file,
      }));
      const plan = { number, kind, files, message: `Номер ${number}\n`, resets: kind === 'stock' ? 0 : 6, dice };
      const parcel = await makeChaosParcel(plan, card, rootKey);
      const signal = AbortSignal.timeout(120_000);
      await bringInParcel(plan, parcel, { sources: [one, two], witness, tally, signal });
      sent.set(parcel.id, expectedFiles(plan));
    }),
  );
  const { lost, corrupt, wrong, orphansLeft } = await reachVerdict(site, witness, sent);
  expect({ seed, lost, corrupt, orphansLeft, wrong: [...tally.wrong, ...wrong] }).toEqual({
    seed,
    lost: [],
    corrupt: [],
    orphansLeft: 0,
    wrong: [],
  });
  expect(sent.size).toBe(KINDS.length);
});

test('a claim at one ends what the other is just taking in', async () => {
  const size = 400_000;
  const upload = await createSlicedUpload(witness, { size });
  const { parcel, mailbox } = upload.sender;
  await upload.open(one);
  expect((await upload.create(two, 1, 100_000)).status).toBe(201);
  const socket = await connectTo(one);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  const headers = {
    'tus-resumable': '1.0.0',
    ...BODY_TYPE,
    'upload-metadata': `writer ${toBase64(utf8Encode('0'))}`,
    'upload-offset': '100000',
    'content-length': String(size - 100_000),
    connection: 'close',
  };
  socket.write(head('PATCH', partRoute(parcel, 1), headers));
  socket.write(upload.parts[1]!.subarray(100_000, 200_000));
  await sleep(300);

  const owner = await mailboxOwner(two, mailbox);
  expect((await owner.post(claimRoute(parcel), { writer: 1 })).status).toBe(200);
  // What was not finished is for the new browser to send, and none of the old one's bytes are in it.
  witness.letGo(parcel, 1);
  socket.write(upload.parts[1]!.subarray(200_000));
  await ended;
  expect(answer).toMatch(/^HTTP\/1\.1 409 [^]*"writer-replaced"/);
  upload.as(1);
  await upload.complete(one);
  const receipt = await upload.seal(two);
  expect(await upload.seal(one)).toBe(receipt);
  expect(await audit(site.database.database, site.blobs, witness)).toEqual({ wrong: [], orphans: [] });
});

test('whoever signed in at one is known to the other', async () => {
  const upload = await createSlicedUpload(witness, { size: 3_000 });
  await upload.open(one);
  await upload.complete(two);
  await upload.seal(one);
  const owner = await mailboxOwner(one, upload.sender.mailbox);
  for (const source of [one, two])
    expect((await owner.at(source).look()).sealed).toMatchObject([{ parcel: upload.sender.parcel }]);
});

test('work that one asks for is accepted by the other, for one parcel alone', async () => {
  const body = { opening: await (await createSender()).opening() };
  const challenge = await workIn(await postJson(one + PARCELS_ROUTE, body));
  expect(challenge).not.toBeNull();
  const work = await solveWork(challenge!);
  const bring = (source: string, what: unknown): Promise<Response> =>
    fetch(source + PARCELS_ROUTE, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'postern-work': work },
      body: JSON.stringify(what),
    });
  expect((await bring(two, body)).status).toBe(201);
  expect((await bring(one, body)).status).toBe(200);
  const other = { opening: await (await createSender()).opening() };
  for (const source of [one, two]) expect((await bring(source, other)).status).toBe(429);
});

test('a card that is installed at one is given out by the other, and parcels for it are taken', async () => {
  const path = join(site.keys, '../next-card.note');
  const env = { POSTERN_DATA: site.database.data };
  const receiptKey = await runNode('server/main.ts', ['receipt-key'], { env });
  await runNode('desk/main.ts', ['card', site.keys, '--receipt-key', receiptKey, '--out', path]);
  const note = await readFile(path, 'utf8');
  const before = await (await fetch(two + CARD_ROUTE)).text();
  expect(before).not.toBe(note);
  const [{ staff }] = site.servers as [ChaosSite['servers'][number]];
  const session = await signInAt(staff, await readKeyFile(site.courierKey));
  const form = new FormData();
  form.append('card', new Blob([note]), 'card.note');
  expect((await fetch(staff + CARD_ROUTE, { method: 'POST', headers: session, body: form })).status).toBe(204);
  for (const source of [one, two]) expect(await (await fetch(source + CARD_ROUTE)).text()).toBe(note);
  const { serial } = await openCard(note, fromBase64Url(site.rootKey, 32));
  expect(serial).toBe(2);
  await openAt(two, await createSender({ card: serial }));
});

test('two who sweep at once take away what is due, each thing once, and nothing else', async () => {
  const orphan = random(16).reduce((hex, byte) => hex + byte.toString(16).padStart(2, '0'), '');
  for (let each = 0; each < 8; each++) await writeBlob(site.blobs, orphan, random(100));
  const due = await parcels();
  const days = (): Date => new Date(Date.now() + 3 * DAY_MS);
  const args = ['gc', '--json'];
  const env = environment();
  const runs = await Promise.all([1, 2].map(() => admin(site.database.data, args, { env, now: days })));
  expect(runs.map(({ code, err }) => [code, err])).toEqual(runs.map(() => [0, '']));
  const removed = runs.map(({ out }) => (JSON.parse(out) as { parcels: number }).parcels);
  expect(removed[0]! + removed[1]!).toBe(due - (await parcels()));
  expect(due - (await parcels())).toBeGreaterThan(0);
  expect(await site.blobs.list(orphan)).toEqual([]);
  expect(await audit(site.database.database, site.blobs, witness)).toEqual({ wrong: [], orphans: [] });
});

test('neither had anything to complain of', () => {
  for (const server of site.servers) expect(server.output()).not.toMatch(/internal-error|-away|"status":500/);
});

async function parcels(): Promise<number> {
  const [row] = await site.database.database.run((sql) => sql<{ count: bigint }[]>`select count(*) from parcel`);
  return Number(row!.count);
}
