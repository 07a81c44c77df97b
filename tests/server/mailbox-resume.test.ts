/** Taking an unfinished submission up again: ledger, finished parts with their records, and who of two browsers goes on. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Query } from '../../server/store/database.ts';
import { openParcels } from '../../server/store/parcels.ts';
import { fromBase64 } from '../../shared/bytes/base64.ts';
import { MAX_LEDGER_PAGE_BYTES, MAX_LEDGER_PAGES, MAX_RECORD_BYTES } from '../../shared/protocol/limits.ts';
import { finishedParts } from '../../shared/protocol/messages.ts';
import type { FinishedParts } from '../../shared/protocol/messages.ts';
import { parse } from '../../shared/protocol/parse.ts';
import {
  claimRoute,
  finishedRoute,
  ledgerRoute,
  MAILBOX_FORGET_ROUTE,
  parcelRoute,
  partRoute,
} from '../../shared/protocol/routes.ts';
import { mailboxOwner } from '../kit/mailbox-owner.ts';
import type { MailboxOwner } from '../kit/mailbox-owner.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { BODY_TYPE, createSender, MIB, openAt, sealAt, sendAt } from '../kit/sender.ts';
import type { BesideStatement, Sender } from '../kit/sender.ts';
import { beginSlowly } from '../kit/slow-part.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const TUS = { 'tus-resumable': '1.0.0' } as const;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const codeOf = async (answer: Response): Promise<unknown> => ((await answer.json()) as { code: unknown }).code;
const blobsOf = ({ parcel }: Sender): Promise<string[]> =>
  readdir(join(server.database.data, 'blobs', parcel)).catch(() => []);

async function opened(parts = 3): Promise<{ me: MailboxOwner; sender: Sender }> {
  const me = await mailboxOwner(server.sourceUrl);
  const sender = await createSender({ parts, mailbox: me.key });
  await openAt(server.sourceUrl, sender);
  return { me, sender };
}
const send = (sender: Sender, part: number, bytes: Uint8Array, beside?: BesideStatement): Promise<Response> =>
  sendAt(server.sourceUrl, sender, part, bytes, beside);
const create = async (sender: Sender, part: number, bytes: Uint8Array, beside?: BesideStatement): Promise<Response> =>
  fetch(server.sourceUrl + partRoute(sender.parcel, part), {
    method: 'POST',
    headers: await sender.creation(part, bytes, beside),
  });
const patch = ({ parcel }: Sender, part: number, from: number, bytes: Uint8Array, more = {}): Promise<Response> =>
  fetch(server.sourceUrl + partRoute(parcel, part), {
    method: 'PATCH',
    headers: { ...TUS, ...BODY_TYPE, 'upload-offset': String(from), ...more },
    body: Buffer.from(bytes),
  });
const claim = async (me: MailboxOwner, { parcel }: Sender, writer: number): Promise<[number, unknown]> => {
  const answer = await me.post(claimRoute(parcel), { writer });
  const body = (await answer.json()) as { code?: unknown };
  return [answer.status, body.code ?? body];
};
const finished = async (me: MailboxOwner, { parcel }: Sender, query = ''): Promise<FinishedParts> =>
  parse(finishedParts, await (await me.get(finishedRoute(parcel) + query)).json());

describe('the ledger', () => {
  test('is kept page by page, the same page once, until the seal', async () => {
    const { me, sender } = await opened(2);
    const pages = [random(MAX_LEDGER_PAGE_BYTES), random(1)];
    for (const [page, bytes] of [...pages.entries(), ...pages.entries()])
      expect((await me.postBytes(ledgerRoute(sender.parcel, page), bytes)).status).toBe(204);
    for (const [page, bytes] of pages.entries()) {
      const answer = await me.get(ledgerRoute(sender.parcel, page));
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
      expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), Buffer.from(bytes))).toBe(0);
    }
    const other = await me.postBytes(ledgerRoute(sender.parcel, 1), random(1000));
    expect([other.status, await codeOf(other)]).toEqual([409, 'parcel-differs']);
    expect(await codeOf(await me.get(ledgerRoute(sender.parcel, 2)))).toBe('not-found');

    const parts = [patternBytes(MIB), patternBytes(1000)];
    for (const [part, bytes] of parts.entries()) await send(sender, part, bytes, { record: random(500) });
    expect((await sealAt(server.sourceUrl, sender, parts)).status).toBe(200);
    expect(await codeOf(await me.get(ledgerRoute(sender.parcel, 0)))).toBe('not-found');
    expect(await codeOf(await me.postBytes(ledgerRoute(sender.parcel, 2), random(9)))).toBe('parcel-sealed');
    expect(await codeOf(await me.get(finishedRoute(sender.parcel)))).toBe('parcel-sealed');
    const left = await server.database.database.run(
      (sql) => sql`
        select from ledger where parcel = ${Buffer.from(sender.parcel, 'hex')}
        union all select from part where parcel = ${Buffer.from(sender.parcel, 'hex')} and record is not null`,
    );
    expect(left).toHaveLength(0);
  });

  test('takes bytes only, as many as a page may have, at the address of a page', async () => {
    const { me, sender } = await opened();
    const path = ledgerRoute(sender.parcel, 0);
    const long = await me.postBytes(path, random(MAX_LEDGER_PAGE_BYTES + 1));
    expect([long.status, await codeOf(long)]).toEqual([413, 'limit-exceeded']);
    expect(await codeOf(await me.postBytes(path, new Uint8Array(0)))).toBe('bad-request');
    expect(await codeOf(await me.post(path, { page: 1 }))).toBe('media-type-unsupported');
    for (const page of [String(MAX_LEDGER_PAGES), '00', '-1', 'x', '1e1']) {
      const wrong = `${ledgerRoute(sender.parcel, 0).slice(0, -1)}${page}`;
      expect([page, await codeOf(await me.postBytes(wrong, random(3)))]).toEqual([page, 'not-found']);
      expect([page, await codeOf(await me.get(wrong))]).toEqual([page, 'not-found']);
    }
  });

  test('has no more pages than the announced size can need: it is no free storage', async () => {
    const [small, large] = [await opened(1), await opened(600)];
    expect((await small.me.postBytes(ledgerRoute(small.sender.parcel, 0), random(3))).status).toBe(204);
    for (const page of [1, MAX_LEDGER_PAGES - 1]) {
      const answer = await small.me.postBytes(ledgerRoute(small.sender.parcel, page), random(3));
      expect([page, answer.status, await codeOf(answer)]).toEqual([page, 413, 'limit-exceeded']);
    }
    const last = ledgerRoute(large.sender.parcel, MAX_LEDGER_PAGES - 1);
    expect((await large.me.postBytes(last, random(3))).status).toBe(204);
  });
});

describe('finished parts', () => {
  test('come with the record that came with each, in pages', async () => {
    const { me, sender } = await opened(1100);
    const records = [random(3248), null, random(MAX_RECORD_BYTES)];
    const order = [2, 0, 1];
    for (const part of order) {
      const record = records[part];
      await send(sender, part, patternBytes(900, part), record ? { writer: 0, record } : {});
    }
    await create(sender, 3, patternBytes(900, 3), { record: random(40) });
    const answer = await finished(me, sender);
    expect(answer.next).toBe(null);
    for (const [part, { statement, record }] of answer.parts.entries()) {
      expect(statement).toBe(await sender.statement(part, patternBytes(900, part)));
      expect(record && Buffer.from(fromBase64(record)).toString('hex')).toBe(
        records[part] && Buffer.from(records[part]).toString('hex'),
      );
    }
    expect(answer.parts).toHaveLength(3);

    await server.database.database.run(
      (sql) => sql`
        insert into part (parcel, seq, statement, sha256, size, received, blobs)
        select ${Buffer.from(sender.parcel, 'hex')}, n, 'note ' || n, ${random(32)}, 9, 9, '' from generate_series(4, 1099) n`,
    );
    const counts: (number | null)[] = [];
    for (let next: number | null = -1; next !== null;) {
      const page: FinishedParts = await finished(me, sender, next === -1 ? '' : `?after=${next}`);
      next = page.next;
      counts.push(page.parts.length, next);
    }
    expect(counts).toEqual([500, 500, 500, 1000, 99, null]);
    expect((await finished(me, sender, '?after=-1')).parts).toHaveLength(500);
    for (const after of ['x', '-2', '', '01', '9999999'])
      expect([after, (await me.get(`${finishedRoute(sender.parcel)}?after=${after}`)).status]).toEqual([after, 400]);
  });

  test('keep the record of the statement that they have; HEAD tells the statement alone', async () => {
    const { me, sender } = await opened();
    const [old, bytes] = [patternBytes(2000, 1), patternBytes(3000, 2)];
    const [first, second] = [random(100), random(200)];
    await create(sender, 0, old, { record: first });
    await create(sender, 0, bytes, { record: second });
    await create(sender, 0, bytes, { record: random(7) });
    expect((await patch(sender, 0, 0, bytes)).status).toBe(204);
    const { parts } = await finished(me, sender);
    expect(Buffer.from(fromBase64(parts[0]!.record!))).toEqual(Buffer.from(second));
    const looked = await fetch(server.sourceUrl + partRoute(sender.parcel, 0), { method: 'HEAD', headers: TUS });
    expect(looked.headers.get('upload-metadata')).toBe((await sender.creation(0, bytes))['upload-metadata']);
  });

  test('refuse a record that is too large and a writer that is none', async () => {
    const { sender } = await opened();
    const bytes = patternBytes(100);
    const long = await create(sender, 0, bytes, { record: random(MAX_RECORD_BYTES + 1) });
    expect([long.status, await codeOf(long)]).toEqual([413, 'limit-exceeded']);
    const headers = await sender.creation(0, bytes);
    for (const writer of ['-1', '01', '1000001', '1.0', 'x', '99999999999999999999']) {
      const metadata = `${headers['upload-metadata']},writer ${Buffer.from(writer).toString('base64')}`;
      const answer = await fetch(server.sourceUrl + partRoute(sender.parcel, 0), {
        method: 'POST',
        headers: { ...headers, 'upload-metadata': metadata },
      });
      expect([writer, answer.status, await codeOf(answer)]).toEqual([writer, 400, 'bad-request']);
    }
    expect((await create(sender, 0, bytes, { writer: 0, record: random(MAX_RECORD_BYTES) })).status).toBe(201);
  });
});

describe('a claim', () => {
  test('forgets what was begun, keeps what is finished, and shuts the one before out', async () => {
    const { me, sender } = await opened();
    const [whole, begun] = [patternBytes(900, 1), patternBytes(5000, 2)];
    await send(sender, 0, whole, { writer: 0 });
    await create(sender, 1, begun);
    await patch(sender, 1, 0, begun.subarray(0, 1000));
    expect(await blobsOf(sender)).toHaveLength(2);

    expect(await claim(me, sender, 1)).toEqual([200, { writer: 1 }]);
    expect((await me.look()).unfinished).toMatchObject([{ finished: 1, writer: 1 }]);
    expect(await blobsOf(sender)).toHaveLength(1);
    expect(await codeOf(await patch(sender, 1, 1000, begun.subarray(1000)))).toBe('not-found');
    for (const beside of [{}, { writer: 0 }, { writer: 2 }]) {
      const answers = [await create(sender, 1, begun, beside), await send(sender, 0, whole, beside)];
      for (const answer of answers) expect([answer.status, await codeOf(answer)]).toEqual([409, 'writer-replaced']);
    }
    const fresh = patternBytes(6000, 3);
    expect((await send(sender, 1, fresh, { writer: 1 })).headers.get('upload-offset')).toBe('6000');
  });

  test('is answered again to who made it, and to nobody else', async () => {
    const { me, sender } = await opened();
    expect(await claim(me, sender, 1)).toEqual([200, { writer: 1 }]);
    await create(sender, 0, patternBytes(100), { writer: 1 });
    expect(await claim(me, sender, 1)).toEqual([200, { writer: 1 }]);
    expect((await create(sender, 0, patternBytes(100), { writer: 1 })).status).toBe(201);
    const other = await mailboxOwner(server.sourceUrl, me.key);
    expect(await claim(other, sender, 1)).toEqual([409, 'writer-replaced']);
    expect(await claim(other, sender, 3)).toEqual([409, 'writer-replaced']);
    expect(await claim(other, sender, 0)).toEqual([409, 'writer-replaced']);
    expect(await claim(other, sender, 2)).toEqual([200, { writer: 2 }]);
    expect(await claim(me, sender, 1)).toEqual([409, 'writer-replaced']);
    for (const writer of [-1, 1.5, 1_000_001, '1', null])
      expect((await me.post(claimRoute(sender.parcel), { writer })).status).toBe(400);
  });

  test('by ten browsers at once is granted to one', async () => {
    const { me, sender } = await opened();
    const owners = await Promise.all(Array.from({ length: 10 }, () => mailboxOwner(server.sourceUrl, me.key)));
    const other = await server.again();
    for (let writer = 1; writer <= 5; writer++) {
      const answers = await Promise.all(
        owners.map(async (owner, index) => {
          const url = index % 2 === 0 ? server.sourceUrl : other.sourceUrl;
          const answer = await fetch(url + claimRoute(sender.parcel), {
            method: 'POST',
            headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
            body: JSON.stringify({ writer }),
          });
          return answer.status;
        }),
      );
      expect(answers.toSorted((a, b) => a - b)).toEqual([200, ...Array<number>(9).fill(409)]);
    }
  });

  test('of a sealed, a forgotten or an unknown submission is refused', async () => {
    const { me, sender } = await opened(1);
    const bytes = patternBytes(700);
    await send(sender, 0, bytes);
    await sealAt(server.sourceUrl, sender, [bytes]);
    expect(await claim(me, sender, 1)).toEqual([409, 'parcel-sealed']);
    const { me: hidden, sender: going } = await opened();
    await hidden.post(MAILBOX_FORGET_ROUTE);
    expect(await claim(hidden, going, 1)).toEqual([404, 'parcel-unknown']);
    expect(await claim(await mailboxOwner(server.sourceUrl), going, 1)).toEqual([404, 'parcel-unknown']);
  });

  test.each([
    ['a creation', 'POST', 0, 'writer-replaced'],
    ['a PATCH', 'PATCH', 1000, 'writer-replaced'],
  ] as const)(
    'ends %s that is on its way with a refusal, and leaves nothing of it',
    async (_, method, offset, code) => {
      const { me, sender } = await opened();
      const old = patternBytes(90_000, 1);
      if (method === 'PATCH') {
        await create(sender, 0, old);
        await patch(sender, 0, 0, old.subarray(0, offset));
      }
      const slow = await beginSlowly(server, sender, 0, old, { method, offset });
      expect(await claim(me, sender, 1)).toEqual([200, { writer: 1 }]);
      slow.finish();
      const answer = await slow.answer;
      expect([answer.status, await codeOf(answer)]).toEqual([409, code]);
      expect(await blobsOf(sender)).toEqual([]);

      const fresh = patternBytes(90_000, 2);
      expect((await send(sender, 0, fresh, { writer: 1 })).headers.get('upload-offset')).toBe('90000');
      expect((await finished(me, sender)).parts.map(({ statement }) => statement)).toEqual([
        await sender.statement(0, fresh),
      ]);
      expect(server.log.filter((line) => line.event === 'internal-error')).toEqual([]);
    },
  );

  test('lets an old PATCH that says whose it is spoil nothing of the new part', async () => {
    const { me, sender } = await opened();
    const [old, fresh] = [patternBytes(8000, 1), patternBytes(8000, 2)];
    const said = { 'upload-metadata': `writer ${Buffer.from('0').toString('base64')}` };
    await create(sender, 0, old);
    await claim(me, sender, 1);
    await create(sender, 0, fresh, { writer: 1 });
    const looked = await fetch(server.sourceUrl + partRoute(sender.parcel, 0), {
      method: 'HEAD',
      headers: { ...TUS, ...said },
    });
    expect(looked.status).toBe(409);
    const late = await patch(sender, 0, 0, old.subarray(0, 4000), said);
    expect([late.status, await codeOf(late)]).toEqual([409, 'writer-replaced']);
    expect((await patch(sender, 0, 0, fresh)).status).toBe(204);
  });

  test('of which the last part came in time leaves that part whole', async () => {
    const { me, sender } = await opened(8);
    const parts = Array.from({ length: 8 }, (_, part) => patternBytes(part < 7 ? 60_000 : 900, part + 1));
    const whole = async (): Promise<number[]> => {
      const { parts: list } = await finished(me, sender);
      return list.map(({ statement }) => Number(/\npart (\d+)\n/.exec(statement)![1]));
    };
    // Parts end and claims come in any order: each part that was acknowledged is whole, each that was refused has left nothing.
    for (let writer = 0; writer < 6; writer++) {
      const before = await whole();
      const sent = parts.map(async (bytes, part) => (await send(sender, part, bytes, { writer })).status);
      const [[status]] = await Promise.all([claim(me, sender, writer + 1), ...sent]);
      expect(status).toBe(200);
      const acknowledged = (await Promise.all(sent)).flatMap((answer, part) => (answer === 201 ? [part] : []));
      const expected = [...new Set([...before, ...acknowledged])].toSorted((a, b) => a - b);
      expect(await whole()).toEqual(expected);
      expect(await blobsOf(sender)).toHaveLength(expected.length);
    }
    for (const [part, bytes] of parts.entries())
      expect((await send(sender, part, bytes, { writer: 6 })).status).toBe(201);
    expect((await sealAt(server.sourceUrl, sender, parts)).status).toBe(200);
    expect((await fetch(server.sourceUrl + parcelRoute(sender.parcel))).status).toBe(409);
  });
});

/** A transaction that has done its work and is not committed yet. */
async function held(work: (sql: Query) => Promise<unknown>): Promise<() => Promise<void>> {
  let commit: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (commit = resolve));
  let done: () => void = () => undefined;
  const worked = new Promise<void>((resolve) => (done = resolve));
  const whole = server.database.database.transaction(async (sql) => {
    await work(sql);
    done();
    await gate;
  });
  await Promise.race([worked, whole]);
  return async () => {
    commit();
    await whole;
  };
}
const PAUSE_MS = 200;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

test('a part that begins while a claim is being written down waits for it, and is refused', async () => {
  const { sender } = await opened();
  const commit = await held((sql) => sql`update parcel set writer = 1 where id = ${Buffer.from(sender.parcel, 'hex')}`);
  const answers = [create(sender, 0, patternBytes(100)), send(sender, 1, patternBytes(2000))];
  await pause();
  await commit();
  for (const answer of await Promise.all(answers))
    expect([answer.status, await codeOf(answer)]).toEqual([409, 'writer-replaced']);
  expect(await blobsOf(sender)).toEqual([]);
});

test('a claim waits for a part that is just being begun, and forgets it', async () => {
  const { me, sender } = await opened();
  const id = Buffer.from(sender.parcel, 'hex');
  const commit = await held(
    (sql) => sql`
      insert into part (parcel, seq, statement, sha256, size, received, blobs)
      select id, 0, 'note', ${random(32)}::bytea, 9, 0, '' from (select id from parcel where id = ${id} for no key update) p`,
  );
  const claimed = claim(me, sender, 1);
  await pause();
  await commit();
  expect(await claimed).toEqual([200, { writer: 1 }]);
  expect(await server.database.database.run((sql) => sql`select from part where parcel = ${id}`)).toHaveLength(0);
});

test.each([
  [
    'at the seal',
    (id: string, _me: MailboxOwner) => openParcels(server.database.database).seal(id, 's', 'r', '2026-11-24'),
  ],
  ['when its source asks to be forgotten', (_id: string, me: MailboxOwner) => me.post(MAILBOX_FORGET_ROUTE)],
])('a ledger of thousands of records and hundreds of pages is gone %s', async (_when, act) => {
  const { me, sender } = await opened(4500);
  const id = Buffer.from(sender.parcel, 'hex');
  const { database } = server.database;
  await database.run(
    (sql) => sql`
      with pages as (insert into ledger (parcel, page, content) select ${id}, n, ${random(9)}::bytea from generate_series(0, 249) n)
      insert into part (parcel, seq, statement, sha256, size, received, blobs, record)
      select ${id}, n, 'note', ${random(32)}::bytea, 9, 9, '', case when n % 10 > 0 then ${random(9)}::bytea end from generate_series(0, 4499) n`,
  );
  await act(sender.parcel, me);
  const [left] = await database.run(
    (sql) => sql<{ records: bigint; pages: bigint; parts: bigint }[]>`
      select count(*) as parts, count(record) as records, (select count(*) from ledger where parcel = ${id}) as pages
      from part where parcel = ${id}`,
  );
  expect(left).toEqual({ records: 0n, pages: 0n, parts: 4500n });
});

test('headers of the largest record and a statement fit', async () => {
  const { me, sender } = await opened(1);
  const bytes = patternBytes(MIB / 2);
  expect((await send(sender, 0, bytes, { writer: 0, record: random(MAX_RECORD_BYTES) })).status).toBe(201);
  expect((await finished(me, sender)).parts).toHaveLength(1);
});
