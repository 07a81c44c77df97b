/** A sending that was cut off goes on in another browser: with the seven words, the same files from elsewhere, and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../client/upload/transport.ts';
import { startTestServer } from '../../kit/test-server.ts';
import type { TestServer } from '../../kit/test-server.ts';
import { CONTENTS, elsewhere, expectArrived, picks } from './reboot-files.ts';
import { comeBack, goOnWith, MIB, onlyParts, partIn, sendFirst, sendParts, source, switchOffAt } from './reboot.ts';
import type { Fate } from './reboot.ts';
import { readArrived } from './run-engine.ts';
import { soon } from './soon.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Cuts off at the n-th request that begins a part. */
function atPart(n: number, fate: Fate): (request: HttpRequest) => Fate {
  let parts = 0;
  return ({ path, method }) => (method === 'POST' && partIn(path) !== null && ++parts > n ? fate : 'goes');
}

describe('cut off and gone on with', () => {
  test.each([
    ['before the first part', atPart(0, 'cut before')],
    ['after the first part', atPart(0, 'cut after')],
    ['in the middle', atPart(5, 'cut after')],
    ['before the last parts', atPart(9, 'cut before')],
    [
      'with the second part still on its way when the others were there',
      ({ path }: HttpRequest) => (partIn(path) === 1 ? 'hangs' : path.endsWith('/parts/6') ? 'cut after' : 'goes'),
    ],
    [
      'with two parts still on their way, far from each other',
      ({ path }: HttpRequest) =>
        [1, 4].includes(partIn(path) ?? 0) ? 'hangs' : partIn(path) === 8 ? 'cut after' : 'goes',
    ],
    ['before the seal', ({ path }: HttpRequest) => (path.endsWith('/seal') ? 'cut before' : 'goes')],
  ] as const)(
    '%s: the bag is the same',
    async (_, fate) => {
      const from = await source(server);
      const first = sendFirst(server, from, { files: picks(CONTENTS), fate });
      await first.engine.done;
      const second = await goOnWith(server, from, elsewhere());
      await second.engine.done;
      const { phase, total, unreadable, changed, problem } = second.engine.state();
      expect({ phase, problem, unreadable, changed }).toEqual({
        phase: 'received',
        problem: null,
        unreadable: [],
        changed: [],
      });
      await expectArrived(server, from.parcel(), total, CONTENTS);
      // No key for two parts, and none for a part made anew.
      expect(new Set(from.headers.values()).size).toBe(from.headers.size);
      const parts = Math.ceil(total / MIB);
      const again = [...from.begun.values()].reduce((sum, times) => sum + times - 1, 0);
      expect(again).toBeLessThanOrEqual(3);
      expect(from.headers.size).toBe(parts + again);
    },
    60_000,
  );
});

describe('nothing is done twice', () => {
  test('what is there is neither read nor hashed', async () => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), parts: [0, 1, 2, 3, 4, 5, 6] });
    const second = await goOnWith(server, from, elsewhere());
    await second.engine.done;
    expect(second.engine.state().phase).toBe('received');
    // Behind part 6 there is only the last file, and it is all in what is new.
    expect(second.hashed()).toBeLessThan(3 * MIB + 10);
  }, 60_000);

  test('ten times cut off: the bag is the same, and each time no more than what was on its way is sent again', async () => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), message: 'words', parts: [0] });
    for (let cut = 1; cut < 10; cut++) {
      const before = from.headers.size;
      const browser = await goOnWith(server, from, cut % 2 === 0 ? picks(CONTENTS) : elsewhere(), {
        fate: atPart(1, cut % 3 === 0 ? 'cut before' : 'cut after'),
      });
      await browser.engine.done;
      if (browser.engine.state().phase === 'received') break;
      expect(from.headers.size - before).toBeLessThanOrEqual(3);
    }
    const last = (await from.mailbox.look()).unfinished.length === 0 ? null : await goOnWith(server, from, elsewhere());
    await last?.engine.done;
    expect(new Set(from.headers.values()).size).toBe(from.headers.size);
    await expectArrived(server, from.parcel(), 10 * MIB, CONTENTS);
  }, 120_000);
});

describe('who goes on sees it', () => {
  test('what has arrived is told from the first moment on', async () => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), parts: [0, 1, 2] });
    const { engine } = await goOnWith(server, from, elsewhere());
    expect(engine.state()).toMatchObject({ phase: 'preparing', acknowledged: 3 * MIB });
    engine.stop();
    await engine.done;
  }, 60_000);
});

describe('two browsers', () => {
  test('the one that was there before is told, and the other one’s parcel is whole', async () => {
    const from = await source(server);
    let away = true;
    const rule = onlyParts([0, 1, 2, 3]);
    const first = sendFirst(server, from, {
      files: picks(CONTENTS),
      fate: (request) => (away ? rule(request) : 'goes'),
    });
    await soon(() => first.engine.state().acknowledged === 4 * MIB);
    first.engine.pause();
    const second = await goOnWith(server, from, elsewhere(), { fate: onlyParts([4]) });
    await soon(() => second.engine.state().acknowledged === 5 * MIB);
    second.engine.pause();
    away = false;
    first.engine.resume();
    await first.engine.done;
    expect(first.engine.state()).toMatchObject({ phase: 'refused', problem: { code: 'writer-replaced' } });
    second.engine.stop();
    const third = await goOnWith(server, from, picks(CONTENTS));
    await third.engine.done;
    await expectArrived(server, from.parcel(), third.engine.state().total, CONTENTS);
  }, 60_000);

  test('of two that go on at the same moment, one does', async () => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), parts: [0, 1] });
    const [unfinished] = (await from.mailbox.look()).unfinished;
    const both = await Promise.all([1, 2].map(() => comeBack(server, from, { unfinished: unfinished! })));
    await Promise.all(both.map(({ resumption }) => resumption.add(elsewhere())));
    const engines = both.map(({ goOn }) => goOn().engine);
    await Promise.all(engines.map(({ done }) => done));
    const ends = engines.map((engine) => engine.state()).toSorted((one, other) => (one.phase < other.phase ? -1 : 1));
    expect(ends).toMatchObject([{ phase: 'received' }, { phase: 'refused', problem: { code: 'writer-replaced' } }]);
    await expectArrived(server, from.parcel(), ends[0]!.total, CONTENTS);
  }, 60_000);
});

describe('words', () => {
  test('that are safe need not be written again', async () => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), message: 'Привет', parts: [0, 2] });
    const second = await goOnWith(server, from, elsewhere());
    await second.engine.done;
    const { phase, total } = second.engine.state();
    expect(phase).toBe('received');
    const { files } = await readArrived(server, from.parcel(), Math.ceil(total / MIB));
    expect(Buffer.from(files.find(({ path }) => path === 'data/message.txt')!.content).toString()).toBe('Привет');
    await expectArrived(server, from.parcel(), total, CONTENTS);
  }, 60_000);

  test('go before all else; until they are safe there is nothing to go on with', async () => {
    const from = await source(server);
    const first = sendFirst(server, from, { files: picks(CONTENTS), message: 'Привет', fate: onlyParts([1, 2, 3]) });
    await soon(() => first.engine.state().phase === 'uploading');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([...from.begun.keys()]).toEqual([]);
    await switchOffAt(first, 0);
    const { resumption } = await comeBack(server, from);
    await resumption.add(elsewhere());
    expect(resumption.state()).toMatchObject({ lacking: 0, canStart: false, refusal: 'ledger-damaged' });
  }, 60_000);

  test('that are not there, whatever else is, cannot be had from anywhere', async () => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), message: 'Привет', parts: [0, 1] });
    const id = from.parcel();
    await server.database.database.run((sql) => sql`delete from part where parcel = decode(${id}, 'hex') and seq = 0`);
    const { engine } = await goOnWith(server, from, elsewhere());
    await engine.done;
    expect(engine.state()).toMatchObject({ phase: 'refused', problem: { code: 'ledger-damaged' } });
  }, 60_000);
});

describe('a ledger', () => {
  test('of which pages are missing, or that was altered, is said to be damaged', async () => {
    const from = await source(server);
    const cut = sendFirst(server, from, {
      files: picks(CONTENTS),
      fate: ({ path }) => (path.includes('/ledger/') ? 'cut before' : 'goes'),
    });
    await cut.engine.done;
    await expect(comeBack(server, from)).rejects.toMatchObject({ code: 'ledger-damaged' });

    const other = await source(server);
    await sendParts(server, other, { files: picks(CONTENTS), parts: [0] });
    const altered = async (parcel: string, page: number) => {
      const bytes = await other.mailbox.ledgerPage(parcel, page);
      bytes[100]! ^= 1;
      return bytes;
    };
    const mailbox = { ...other.mailbox, ledgerPage: altered };
    await expect(comeBack(server, { ...other, mailbox })).rejects.toMatchObject({ code: 'ledger-damaged' });
    const [unfinished] = (await other.mailbox.look()).unfinished;
    const short = { ...unfinished!, pages: unfinished!.pages + 1 };
    await expect(comeBack(server, other, { unfinished: short })).rejects.toMatchObject({ code: 'ledger-damaged' });
    // Another codename opens nothing of it.
    const { keys } = await source(server);
    await expect(comeBack(server, { ...other, keys })).rejects.toMatchObject({ code: 'ledger-damaged' });
  }, 60_000);

  test('that a server makes out to be endless is given up at the first page that is none', async () => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), parts: [0] });
    const [unfinished] = (await from.mailbox.look()).unfinished;
    let asked = 0;
    const ledgerPage = (parcel: string, page: number) => {
      asked += 1;
      return page === 0 ? from.mailbox.ledgerPage(parcel, 0) : Promise.resolve(new Uint8Array(262_144));
    };
    const lying = { ...from, mailbox: { ...from.mailbox, ledgerPage } };
    const back = comeBack(server, lying, { unfinished: { ...unfinished!, pages: 4_096 } });
    await expect(back).rejects.toMatchObject({ code: 'ledger-damaged' });
    expect(asked).toBe(2);
  }, 60_000);

  test('records that are gone cost reading, and nothing else', async () => {
    const from = await source(server);
    await sendParts(server, from, { files: picks(CONTENTS), parts: [0, 1, 2, 3, 4] });
    await server.database.database.run((sql) => sql`update part set record = null where seq in (1, 2, 4)`);
    const second = await goOnWith(server, from, elsewhere());
    await second.engine.done;
    expect(second.engine.state()).toMatchObject({ phase: 'received', changed: [] });
    await expectArrived(server, from.parcel(), second.engine.state().total, CONTENTS);
    expect(Math.max(...from.begun.values())).toBe(1);
  }, 60_000);
});
