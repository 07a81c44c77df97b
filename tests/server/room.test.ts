/** Room for parcels: what is promised to those that are under way is not given to others, and is not kept for ever. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openParcels } from '../../server/store/parcels.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { ledgerRoute, PARCELS_ROUTE, partRoute } from '../../shared/protocol/routes.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { createSender, MIB, openAt, postJson, sealAt, sendAt } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

/** Reckoned for the headers of a part, as it may be. */
const HEADERS = 16_384;

let server: TestServer;
let now = new Date('2026-11-10T00:00:00Z');
let free = 10 * MIB;
beforeAll(async () => {
  server = await startTestServer({ now: () => now }, (blobs) => ({ ...blobs, free: () => Promise.resolve(free) }));
});
afterAll(() => server[Symbol.asyncDispose]());

/** What the next opening would be told is promised to others. */
async function promised(): Promise<number> {
  let told = -1;
  const day = now.toISOString().slice(0, 10);
  const mailbox = random(32);
  const id = toHex(random(16));
  const parcel = {
    id,
    direction: 'submission',
    mailbox,
    sender: mailbox,
    opening: '',
    partSize: MIB,
    size: 1,
    parts: 1,
    day,
  } as const;
  const refuse = (_needed: number, bytes: number): Promise<void> => {
    told = bytes;
    return Promise.reject(new Error('only asking'));
  };
  await expect(openParcels(server.database.database).open(parcel, refuse)).rejects.toThrow('only asking');
  return told;
}

test('a parcel that does not fit is refused before its first byte', async () => {
  const fits = await createSender({ parts: 6 });
  await openAt(server.sourceUrl, fits);
  expect(await promised()).toBe(5 * MIB + 1000 + 6 * HEADERS);
  const large = await createSender({ parts: 6 });
  const answer = await postJson(server.sourceUrl + PARCELS_ROUTE, { opening: await large.opening() });
  expect([answer.status, await answer.json()]).toEqual([507, expect.objectContaining({ code: 'storage-full' })]);
  await openAt(server.sourceUrl, await createSender({ parts: 4 }));
  await openAt(server.sourceUrl, fits);
});

test('what has come is no longer promised, nor what is sealed, nor what nobody goes on with', async () => {
  now = new Date('2026-11-20T00:00:00Z');
  free = 1000 * MIB;
  expect(await promised()).toBe(0);
  const [empty, begun, sealed] = await Promise.all([1, 2, 3].map(() => createSender({ parts: 2 })));
  for (const sender of [empty!, begun!, sealed!]) await openAt(server.sourceUrl, sender);
  const parts = [patternBytes(MIB), patternBytes(1000)];
  await sendAt(server.sourceUrl, begun!, 0, parts[0]!);
  for (const [part, bytes] of parts.entries()) await sendAt(server.sourceUrl, sealed!, part, bytes);
  expect(await promised()).toBe(MIB + 1000 + 1000 + 6 * HEADERS);
  expect((await sealAt(server.sourceUrl, sealed!, parts)).status).toBe(200);
  for (const [day, bytes] of [
    [21, MIB + 2000 + 4 * HEADERS],
    [22, 1000 + 2 * HEADERS],
    [27, 1000 + 2 * HEADERS],
    [28, 0],
  ] as const) {
    now = new Date(`2026-11-${day}T00:00:00Z`);
    expect([day, await promised()]).toEqual([day, bytes]);
  }
});

test('a parcel of the greatest size is promised little before it comes, and more with every byte', async () => {
  now = new Date('2026-12-24T00:00:00Z');
  free = 100_000 * MIB;
  const huge = await createSender({ parts: 90_000 });
  await openAt(server.sourceUrl, huge);
  expect(await promised()).toBe(64 * MIB);
  await sendAt(server.sourceUrl, huge, 0, patternBytes(MIB));
  expect(await promised()).toBe(72 * MIB);
  await openAt(server.sourceUrl, await createSender({ parts: 90_000 }));
});

test('a disk that is down to its reserve takes neither pages of a ledger nor the records of parts without a body', async () => {
  const effects = {
    config: { data: server.database.data, reserve: 10 * MIB, clientFolder: '', staffNames: [], showCollected: true },
  };
  const { sourceUrl } = await server.again(effects);
  const sender = await createSender({ parts: 2 });
  await openAt(sourceUrl, sender);
  const owner = await mailboxOwner(sourceUrl, sender.mailbox);
  free = 4 * MIB;
  const refused = expect.objectContaining({ code: 'storage-full' });
  const page = await owner.postBytes(ledgerRoute(sender.parcel, 0), random(100));
  expect([page.status, await page.json()]).toEqual([507, refused]);
  const created = await fetch(sourceUrl + partRoute(sender.parcel, 0), {
    method: 'POST',
    headers: await sender.creation(0, patternBytes(MIB), { record: random(8_192) }),
  });
  expect([created.status, await created.json()]).toEqual([507, refused]);
});
