/** Clients that do what no good one does: they get an answer of the table, and cost no more than others. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partRoute, TUS_ROUTE } from '../../shared/protocol/routes.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { BODY_TYPE, createSender, openAt } from '../kit/sender.ts';
import type { Sender } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const TUS = { 'tus-resumable': '1.0.0' } as const;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const urlOf = (sender: Sender): string => server.sourceUrl + partRoute(sender.parcel, 0);
const blobsOf = (sender: Sender): Promise<string[]> => readdir(join(server.database.data, 'blobs', sender.parcel));

async function begun(bytes: Uint8Array): Promise<Sender> {
  const sender = await createSender({ parts: 1 });
  await openAt(server.sourceUrl, sender);
  await fetch(urlOf(sender), { method: 'POST', headers: await sender.creation(0, bytes) });
  return sender;
}

async function patch(sender: Sender, offset: number, bytes: Uint8Array): Promise<number> {
  const headers = { ...TUS, ...BODY_TYPE, 'upload-offset': String(offset) };
  return (await fetch(urlOf(sender), { method: 'PATCH', headers, body: Buffer.from(bytes) })).status;
}

async function offsetOf(sender: Sender): Promise<string | null> {
  return (await fetch(urlOf(sender), { method: 'HEAD', headers: TUS })).headers.get('upload-offset');
}

test('a part that comes byte by byte lies in a few blobs all the same', async () => {
  const bytes = patternBytes(300);
  const sender = await begun(bytes);
  let most = 0;
  for (let at = 0; at < 70; at++) {
    expect(await patch(sender, at, bytes.subarray(at, at + 1))).toBe(204);
    most = Math.max(most, (await blobsOf(sender)).length);
  }
  expect([most, (await blobsOf(sender)).length]).toEqual([64, 6]);
  expect(await patch(sender, 70, bytes.subarray(70))).toBe(204);
  expect(await offsetOf(sender)).toBe('300');
});

test('a part that was brought together is still refused when its bytes are not those that were signed', async () => {
  const bytes = patternBytes(300);
  const sender = await begun(bytes);
  for (let at = 0; at < 64; at++) await patch(sender, at, Uint8Array.of(at));
  expect(await patch(sender, 64, bytes.subarray(64))).toBe(422);
  expect([await offsetOf(sender), await blobsOf(sender)]).toEqual(['0', []]);
});

test('extensions of tus that are not offered are refused as what they are', async () => {
  const sender = await createSender();
  await openAt(server.sourceUrl, sender);
  const { 'upload-length': _, ...headers } = await sender.creation(0, patternBytes(10));
  for (const wish of [{ 'upload-defer-length': '1' }, { 'upload-concat': 'final;/a /b' }]) {
    const answer = await fetch(urlOf(sender), { method: 'POST', headers: { ...headers, ...wish } });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'bad-request' })]);
  }
  expect(server.log).toEqual([]);
});

test('a statement about a part that no parcel can have is refused', async () => {
  const sender = await createSender();
  await openAt(server.sourceUrl, sender);
  for (const part of [3, 1_000_000, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
    const headers = await sender.creation(part, patternBytes(10));
    const answer = await fetch(server.sourceUrl + TUS_ROUTE, { method: 'POST', headers });
    expect([part, answer.status]).toEqual([part, 422]);
    expect(await answer.json()).toMatchObject({ code: 'statement-mismatch' });
  }
});
