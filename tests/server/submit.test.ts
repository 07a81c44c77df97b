/** What a sender does with the source listener: card, opening, status, parts, seal, receipt; and each refusal. */
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CARD_ROUTE, PARCELS_ROUTE, parcelRoute, partRoute, sealRoute } from '../../shared/protocol/routes.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { createSender, MIB, openAt, postJson, sealAt, sendAt, BODY_TYPE } from '../kit/sender.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const at = (path: string): string => server.sourceUrl + path;
const codeOf = async (answer: Response | Promise<Response>): Promise<unknown> => {
  const response = await answer;
  const body = (await response.json()) as { code?: unknown; status?: unknown };
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(body.status).toBe(response.status);
  return body.code;
};

describe('the card', () => {
  test('is given as the note on disk', async () => {
    const answer = await fetch(at(CARD_ROUTE));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toBe(await server.organisation.card());
  });

  test('that another root signed is as good as none', async () => {
    const file = join(server.database.data, 'card.note');
    const good = await server.organisation.card();
    try {
      await writeFile(file, good.replace('Test', 'Best'));
      expect(await codeOf(fetch(at(CARD_ROUTE)))).toBe('card-missing');
      expect(await codeOf(postJson(at(PARCELS_ROUTE), { opening: await (await createSender()).opening() }))).toBe(
        'card-missing',
      );
    } finally {
      await writeFile(file, good);
    }
    expect((await fetch(at(CARD_ROUTE))).status).toBe(200);
  });
});

describe('opening', () => {
  test('answers 201, and 200 when it is made again', async () => {
    const sender = await createSender();
    const opening = await sender.opening();
    const first = await postJson(at(PARCELS_ROUTE), { opening });
    expect([first.status, await first.json()]).toEqual([201, { parcel: sender.parcel }]);
    const second = await postJson(at(PARCELS_ROUTE), { opening });
    expect([second.status, await second.json()]).toEqual([200, { parcel: sender.parcel }]);
  });

  test('goes through once when ten arrive together', async () => {
    const opening = await (await createSender()).opening();
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async () => (await postJson(at(PARCELS_ROUTE), { opening })).status),
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([...Array<number>(9).fill(200), 201]);
  });

  test('of another parcel under the same number is refused', async () => {
    const sender = await createSender();
    await openAt(server.sourceUrl, sender);
    expect(await codeOf(postJson(at(PARCELS_ROUTE), { opening: await sender.opening({ size: 5 * MIB }) }))).toBe(
      'parcel-differs',
    );
  });

  test('for another card is refused, and told which is current', async () => {
    const answer = await postJson(at(PARCELS_ROUTE), { opening: await (await createSender({ card: 2 })).opening() });
    expect(await answer.json()).toMatchObject({ code: 'card-outdated', status: 409, serial: 1 });
  });

  test('refuses what is not an opening', async () => {
    const opening = await (await createSender()).opening();
    const post = (body: unknown) => codeOf(postJson(at(PARCELS_ROUTE), body));
    expect(await post({ opening: opening.replace('part-size 1048576', 'part-size 2097152') })).toBe('signature-wrong');
    expect(await post({ opening: 'hello' })).toBe('note-invalid');
    expect(await post({ opening, more: 1 })).toBe('bad-request');
    expect(await post([])).toBe('bad-request');
    const raw = (body: string, type: string) =>
      codeOf(fetch(at(PARCELS_ROUTE), { method: 'POST', headers: { 'content-type': type }, body }));
    expect(await raw('{', 'application/json')).toBe('bad-request');
    expect(await raw('x', 'application/xml')).toBe('media-type-unsupported');
    expect(await raw(`"${'x'.repeat(400_000)}"`, 'application/json')).toBe('limit-exceeded');
  });
});

describe('a whole submission', () => {
  test('ends in a receipt, the same each time, and cannot change after that', async () => {
    const sender = await createSender({ parts: 3 });
    const parts = [patternBytes(MIB + 300, 1), patternBytes(MIB + 300, 2), patternBytes(1300, 3)];
    await openAt(server.sourceUrl, sender);
    const status = async (): Promise<unknown> => (await fetch(at(parcelRoute(sender.parcel)))).json();
    expect(await status()).toEqual({ parts: 3, finished: [], sealed: false });

    for (const number of [2, 0]) {
      const answer = await sendAt(server.sourceUrl, sender, number, parts[number]!);
      expect(answer.status).toBe(201);
      expect(answer.headers.get('upload-offset')).toBe(String(parts[number]!.length));
      expect(answer.headers.has('location')).toBe(false);
    }
    expect(await status()).toEqual({
      parts: 3,
      finished: [
        [0, 0],
        [2, 2],
      ],
      sealed: false,
    });

    const early = await sealAt(server.sourceUrl, sender, parts);
    expect(await early.json()).toMatchObject({ code: 'parts-missing', status: 409, missing: [[1, 1]] });

    expect((await sendAt(server.sourceUrl, sender, 1, parts[1]!)).status).toBe(201);
    const wrong = [parts[1]!, parts[0]!, parts[2]!];
    expect(await codeOf(sealAt(server.sourceUrl, sender, wrong))).toBe('seal-differs');
    const otherCount = await sender.seal(parts, { parts: 4 });
    expect(await codeOf(postJson(at(sealRoute(sender.parcel)), { seal: otherCount }))).toBe('seal-differs');

    const answers = await Promise.all([1, 2, 3].map(() => sealAt(server.sourceUrl, sender, parts)));
    const receipts = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { receipt: string }).receipt),
    );
    expect(new Set(receipts).size).toBe(1);
    const receipt = await openReceipt(receipts[0]!, server.organisation.receipt.publicKey);
    expect(receipt).toMatchObject({ parcel: sender.parcel, received: new Date().toISOString().slice(0, 10) });
    expect(await codeOf(sealAt(server.sourceUrl, sender, wrong))).toBe('parcel-sealed');
    // The root stands in the receipt, which a codename shows: seals over it that name other sizes must not be told from the right one.
    const guessed = await postJson(at(sealRoute(sender.parcel)), { seal: otherCount });
    expect([guessed.status, await guessed.json()]).toEqual([200, { receipt: receipts[0] }]);
    expect(await codeOf(sendAt(server.sourceUrl, sender, 0, patternBytes(77)))).toBe('parcel-sealed');
    expect(await codeOf(sendAt(server.sourceUrl, sender, 0, parts[0]!))).toBe('parcel-sealed');
  });

  test('that is sealed tells its size to nobody any more', async () => {
    const sender = await createSender({ parts: 2 });
    const parts = [patternBytes(MIB + 300, 1), patternBytes(1300, 2)];
    await openAt(server.sourceUrl, sender);
    for (const [part, bytes] of parts.entries()) await sendAt(server.sourceUrl, sender, part, bytes);
    expect((await sealAt(server.sourceUrl, sender, parts)).status).toBe(200);
    expect(await codeOf(fetch(at(parcelRoute(sender.parcel))))).toBe('parcel-sealed');
    // Who has the codename can sign any opening: the right one must not be told from a wrong one.
    for (const change of [{}, { size: 5 * MIB }])
      expect(await codeOf(postJson(at(PARCELS_ROUTE), { opening: await sender.opening(change) }))).toBe(
        'parcel-sealed',
      );
    const tus = { 'tus-resumable': '1.0.0' };
    for (const part of [0, 1, 2, 70]) {
      const answers = [
        await fetch(at(partRoute(sender.parcel, part)), { method: 'HEAD', headers: tus }),
        await sendAt(server.sourceUrl, sender, part, patternBytes(44)),
        await fetch(at(partRoute(sender.parcel, part)), {
          method: 'PATCH',
          headers: { ...tus, ...BODY_TYPE, 'upload-offset': '0' },
          body: 'x',
        }),
      ];
      for (const answer of answers) {
        expect([part, answer.status]).toEqual([part, 409]);
        expect([...answer.headers.keys()].filter((name) => name.startsWith('upload-'))).toEqual([]);
      }
    }
  });

  test('of another sender cannot be sealed or added to', async () => {
    const sender = await createSender();
    await openAt(server.sourceUrl, sender);
    const stranger = await ed25519FromSeed(random(32));
    const bytes = patternBytes(500);
    const statement = await sender.statement(0, bytes, stranger);
    const answer = fetch(at(partRoute(sender.parcel, 0)), {
      method: 'POST',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '500',
        'upload-metadata': `statement ${Buffer.from(statement).toString('base64')}`,
        ...BODY_TYPE,
      },
      body: Buffer.from(bytes),
    });
    expect(await codeOf(answer)).toBe('signature-wrong');
    const other = await createSender();
    expect(await codeOf(postJson(at(sealRoute(sender.parcel)), { seal: await other.seal([bytes]) }))).toBe(
      'signature-wrong',
    );
  });

  test('of an unknown parcel is refused alike for every call', async () => {
    const sender = await createSender();
    expect(await codeOf(fetch(at(parcelRoute(sender.parcel))))).toBe('parcel-unknown');
    expect(await codeOf(fetch(at(parcelRoute('zz'))))).toBe('parcel-unknown');
    expect(await codeOf(sealAt(server.sourceUrl, sender, [random(9)]))).toBe('parcel-unknown');
    expect(await codeOf(sendAt(server.sourceUrl, sender, 0, random(9)))).toBe('parcel-unknown');
  });
});

test('nothing of what came is finer than a day, in the database or on the disk', async () => {
  const day = /^\d{4}-\d{2}-\d{2}$/;
  const rows = await server.database.database.run(
    (sql) => sql<{ opened: string; touched: string; sealed: string | null }[]>`
      select opened::text as opened, touched::text as touched, sealed::text as sealed from parcel`,
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect([row.opened, row.touched].every((text) => day.test(text))).toBe(true);
  const kinds = await server.database.database.run(
    (sql) => sql<{ name: string }[]>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and data_type ~ 'time' order by 1`,
  );
  // Of couriers that sign in, and of the process that reads blobs again; none is about a source.
  expect(kinds.map(({ name }) => name)).toEqual(['challenge.expires', 'scrub.lease_until', 'session.expires']);
  const blobs = join(server.database.data, 'blobs');
  const names = await readdir(blobs, { recursive: true });
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) {
    const info = await stat(join(blobs, name));
    expect([name, info.mtimeMs % 86_400_000]).toEqual([name, 0]);
    if (info.isFile()) expect(info.mode & 0o777).toBe(0o600);
  }
});
