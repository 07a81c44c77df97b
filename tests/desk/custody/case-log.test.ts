/** The log of a case: what is added stays, in order and signed; what was changed is told and never begun anew; stock age opens it. */
import { execFile, fork } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decryptFile, encryptFile } from '../../../shared/age/file.ts';
import { fromHex } from '../../../shared/bytes/hex.ts';
import { utf8Decode, utf8Encode } from '../../../shared/bytes/utf8.ts';
import { ed25519FromSeed } from '../../../shared/crypto/ed25519.ts';
import { isSigned, readEvent, writeEvent } from '../../../desk/custody/case-event.ts';
import { ACTIONS } from '../../../desk/custody/actions.ts';
import type { ActionName } from '../../../desk/custody/actions.ts';
import { openCaseLog } from '../../../desk/custody/case-log.ts';
import type { CaseLog } from '../../../desk/custody/case-log.ts';
import { readKeyFolder } from '../../../desk/keys/key-folder.ts';
import type { Keys } from '../../../desk/keys/key-folder.ts';
import { nodeCipher } from '../../../desk/node-cipher.ts';
import { makeDrop } from '../../kit/make-parcel.ts';
import { random } from '../../kit/random-bytes.ts';
import vectors from '../../vectors/case-events.json' with { type: 'json' };
import { desk, scratch } from '../desk.ts';

const PARCEL = '00112233445566778899aabbccddeeff';
const run = promisify(execFile);

let base: Awaited<ReturnType<typeof scratch>>;
let keys: Keys;
let folder: string;
let cases: string;
let runs = 0;
beforeAll(async () => {
  base = await scratch();
  folder = (await makeDrop(base.folder, 'classic')).keys;
  keys = await readKeyFolder(folder);
});
beforeEach(() => {
  cases = join(base.folder, `cases-${++runs}`);
});
afterAll(() => base.remove());

function open(at = '2026-11-24T10:20:30Z'): Promise<CaseLog> {
  return openCaseLog({ cases, parcel: PARCEL, keys, now: () => new Date(at), random, device: 'main', actor: 'editor' });
}

const path = () => join(cases, `${PARCEL}.log.age`);

async function text(): Promise<string> {
  const file = await readFile(path());
  return utf8Decode((await decryptFile({ file, identities: [keys.identities[0]!.identity], provider: nodeCipher }))!);
}

async function put(changed: string): Promise<void> {
  const recipients = [keys.identities[0]!.recipient];
  await writeFile(
    path(),
    await encryptFile({ plaintext: utf8Encode(changed), recipients, provider: nodeCipher, random }),
  );
}

describe('events', () => {
  test.each(vectors.lines)(
    'a line of the vectors is written and read, byte for byte: $event.action',
    async ({ event, full, open: handedOut, sha256 }) => {
      const key = await ed25519FromSeed(fromHex(vectors.seed));
      const line = readEvent(full)!;
      expect(line).toStrictEqual({ event, full, open: handedOut, sha256 });
      expect(await isSigned(line, fromHex(vectors.publicKey))).toBe(true);
      expect((await writeEvent(line.event, key, () => fromHex(vectors.salt))).full).toBe(full);
    },
  );

  test('what was added is there again, in order, with time, role, device and the line before', async () => {
    const log = await open();
    await log.append({ action: 'opened' });
    await log.append({ action: 'viewed', items: [{ path: 'data/files/a\nb', sha256: null }], reason: 'to watch' });
    const again = await open();
    expect(again.events()).toStrictEqual(log.events());
    expect(again.events()).toMatchObject([
      {
        sequence: 0,
        action: 'opened',
        actor: 'editor',
        device: 'main',
        time: '2026-11-24T10:20:30Z',
        desk: keys.deskNote,
      },
      { sequence: 1, action: 'viewed', reason: 'to watch', desk: null, items: [{ path: 'data/files/a\nb' }] },
    ]);
    expect(again.head()).toBe(log.head());
  });

  test('lines read back as they were written, whatever is in them, and a changed one is not signed', async () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.boolean(), fc.integer(), fc.array(fc.string()));
    const textOrNull = fc.option(fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(ACTIONS) as ActionName[])),
        fc.array(fc.record({ path: fc.string({ unit: 'binary' }), sha256: textOrNull })),
        textOrNull,
        fc.dictionary(
          fc.string().filter((name) => name !== '__proto__'),
          value,
        ),
        async (action, items, reason, values) => {
          const event = {
            sequence: 3,
            parcel: PARCEL,
            time: '2026-01-01T00:00:00Z',
            actor: 'a',
            device: 'd',
            clock: { source: 'c', doubt: null },
            before: null,
            after: null,
            desk: null,
            previous: 'p',
            action,
            items,
            reason,
            values,
          };
          const line = await writeEvent(event, keys.desk, random);
          const read = readEvent(line.full)!;
          expect(read).toEqual(line);
          expect(await isSigned(read, keys.desk.publicKey)).toBe(true);
          const other = readEvent(line.full.replace('"sequence":3', '"sequence":4'))!;
          expect(await isSigned(other, keys.desk.publicKey)).toBe(false);
          for (const bad of [line.full.slice(0, -1), ` ${line.full}`, line.full.replace(':', ': '), `${line.full}x`])
            expect(readEvent(bad)).toBeNull();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('what staff noted stands in the log alone: what is handed out has its hash and the same signature', async () => {
    const log = await open();
    await log.append({ action: 'marked', values: { seen: true, labels: ['prison'], note: 'ask Maryam first' } });
    await log.append({ action: 'marked', values: { labels: ['prison', 'urgent'] } });
    expect((await open()).marks()).toStrictEqual({
      seen: true,
      labels: ['prison', 'urgent'],
      note: 'ask Maryam first',
    });
    expect(log.openText()).not.toContain('Maryam');
    expect(log.openText()).toContain('"confidential":"');
    for (const line of log.openText().split(/(?<=\n)/)) expect((await text()).includes(line.slice(0, -1))).toBe(true);
  });
});

describe('the file', () => {
  test('stock age opens it with the identities of the folder', async () => {
    const log = await open();
    await log.append({ action: 'opened' });
    const identities = join(base.folder, 'identities.txt');
    await writeFile(identities, (await desk(['identities', folder])).stdout);
    expect((await run('age', ['-d', '-i', identities, path()])).stdout).toBe(await text());
  });

  test('nothing but the log is left beside it, and it is private', async () => {
    const log = await open();
    await log.append({ action: 'opened' });
    expect(await readdir(cases)).toStrictEqual([`${PARCEL}.log.age`]);
    expect((await run('stat', ['-c', '%a', cases, path()])).stdout).toBe('700\n600\n');
  });

  test('two at once lose nothing: in one process and in several', async () => {
    const [one, two] = [await open(), await open()];
    await Promise.all(
      [...Array(6).keys()].flatMap(() => [one.append({ action: 'viewed' }), two.append({ action: 'marked' })]),
    );
    await Promise.all(
      [0, 1].map(
        () =>
          new Promise((resolve, reject) => {
            const child = fork(new URL('append-events.ts', import.meta.url), [folder, cases, PARCEL, '5']);
            child.on('error', reject).on('exit', resolve);
          }),
      ),
    );
    const events = (await open()).events();
    expect(events.map(({ sequence }) => sequence)).toStrictEqual([...Array(22).keys()]);
  });

  test.each<readonly [string, (text: string) => string]>([
    [
      'an event that was taken out',
      (all) =>
        all
          .split(/(?<=\n)/)
          .toSpliced(1, 1)
          .join(''),
    ],
    [
      'events in another order',
      (all) =>
        all
          .split(/(?<=\n)/)
          .toReversed()
          .join(''),
    ],
    ['a word that was changed', (all) => all.replace('to watch', 'to copy')],
    ['a time that was changed', (all) => all.replace('T10:20:30Z', 'T10:20:31Z')],
    ['a note of staff that was changed', (all) => all.replace(/ [^ ]+\n$/, ` ${btoa('{"salt":"","values":{}}')}\n`)],
    ['a desk that the root key knows nothing of', (all) => all.replace(/(— postern-root )../, '$1AA')],
    ['the end of a line cut off', (all) => all.slice(0, -1)],
    ['nothing in it', () => ''],
  ])('%s: told as damage, and the file stays as it is', async (_, change) => {
    const log = await open();
    await log.append({ action: 'opened' });
    await log.append({ action: 'viewed', reason: 'to watch' });
    await log.append({ action: 'marked', values: { note: 'x' } });
    const before = await text();
    expect(change(before)).not.toBe(before);
    await put(change(before));
    const kept = await readFile(path());
    await expect(open()).rejects.toMatchObject({ code: 'case-log-damaged' });
    await expect(log.append({ action: 'opened' })).rejects.toMatchObject({ code: 'case-log-damaged' });
    expect(await readFile(path())).toStrictEqual(kept);
  });

  test('bytes that are no age file, or a folder in its place, are damage too', async () => {
    await mkdir(cases);
    await writeFile(path(), 'junk');
    await expect(open()).rejects.toMatchObject({ code: 'case-log-damaged' });
  });

  test('of events cut off at the end, whoever has seen them knows; nobody else can', async () => {
    const log = await open();
    await log.append({ action: 'opened' });
    const shorter = await text();
    await log.append({ action: 'exported' });
    await put(shorter);
    await expect(log.append({ action: 'opened' })).rejects.toMatchObject({ code: 'case-log-damaged' });
    const later = await open();
    expect(later.events()).toHaveLength(1);
    expect(later.head()).not.toBe(log.head());
  });

  test('a log for an identity that was destroyed is locked, not damaged', async () => {
    const log = await open();
    await log.append({ action: 'opened' });
    await expect(
      openCaseLog({
        cases,
        parcel: PARCEL,
        now: () => new Date(),
        random,
        device: 'main',
        actor: 'editor',
        keys: { ...keys, identities: [] },
      }),
    ).rejects.toMatchObject({ code: 'case-log-locked' });
  });
});

test('a clock that went back since the event before is remarked upon', async () => {
  await (await open()).append({ action: 'opened' });
  const earlier = await open('2026-11-23T00:00:00Z');
  await earlier.append({ action: 'viewed' });
  expect(earlier.events()[1]!.clock.doubt).toContain('before that of the event before');
});
