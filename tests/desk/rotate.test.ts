/** New identities ahead and old ones destroyed: nothing before it is confirmed, no day without a recipient, and a destroyed identity opens nothing. */
import { link, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { missingPeriods, periodsFrom } from '../../desk/ceremony/periods.ts';
import { openCaseLog } from '../../desk/custody/case-log.ts';
import { daysAfter } from '../../desk/days.ts';
import { readKeyFolder } from '../../desk/keys/key-folder.ts';
import { openHeader } from '../../shared/age/header.ts';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { openCard, recipientsOn } from '../../shared/statements/card.ts';
import { makeDrop, makeParcelOf } from '../kit/make-parcel.ts';
import type { Drop } from '../kit/make-parcel.ts';
import { testParcel, PARCEL } from '../kit/parcel-stream.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { desk, deskJson, scratch } from './desk.ts';

/** After the first identity, which serves a year from the day of the bundle. */
const LATER = '2027-12-10';

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder);
  const { stream } = await testParcel([{ path: 'a.mp4', content: patternBytes(100_000, 1), modified: 0 }], 'Words.\n');
  await makeParcelOf(drop, stream, { parcel: PARCEL });
});
afterAll(() => base.remove());

async function contents(): Promise<string[]> {
  const names = ['identities.txt', 'cards.txt', 'organisation.txt', 'root.key'];
  return Promise.all(names.map((name) => readFile(join(drop.keys, name), 'utf8')));
}

test('nothing takes effect before it is confirmed', async () => {
  const out = join(base.folder, 'unconfirmed.note');
  const before = await contents();
  for (const answer of ['', 'yes\n', 'no\n']) {
    const stopped = await desk(['rotate', drop.keys, '--out', out], LATER, answer);
    expect(stopped).toMatchObject({ exit: 3, stderr: expect.stringContaining('nothing was changed') });
  }
  await expect(stat(out)).rejects.toThrow('ENOENT');
  expect(await contents()).toStrictEqual(before);
});

test('four quarters from today, each day with one recipient, on the card that follows', async () => {
  const out = join(base.folder, 'second.note');
  const done = await desk(['rotate', drop.keys, '--out', out], LATER, 'rotate\n');
  expect(done).toMatchObject({
    exit: 0,
    stderr: '',
    stdout: expect.stringContaining('does not hold the new identities'),
  });
  const root = fromBase64Url((await desk(['root', drop.keys])).stdout.trim(), 32);
  const card = await openCard(await readFile(out, 'utf8'), root);
  expect(card).toMatchObject({ serial: 2, issued: LATER });
  expect(card.recipients.map(({ from, until }) => [from, until])).toStrictEqual([
    ['2027-12-10', '2028-03-09'],
    ['2028-03-10', '2028-06-09'],
    ['2028-06-10', '2028-09-09'],
    ['2028-09-10', '2028-12-09'],
  ]);
  for (let day = LATER; day <= '2028-12-09'; day = daysAfter(day, 1)) expect(recipientsOn(card, day)).toHaveLength(1);
  expect((await deskJson(['rotate', drop.keys, '--out', out, '--yes'], LATER)).json['error']).toMatchObject({
    code: 'out-exists',
  });
});

test('a clock that has gone back before the last card makes no card', async () => {
  const before = await contents();
  const out = join(base.folder, 'back.note');
  const refused = await deskJson(['rotate', drop.keys, '--out', out, '--yes'], '2027-12-09');
  expect(refused.json['error']).toMatchObject({ code: 'clock-back' });
  const key = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';
  expect((await deskJson(['card', drop.keys, '--receipt-key', key], '2027-12-09')).json['error']).toMatchObject({
    code: 'clock-back',
  });
  expect(await contents()).toStrictEqual(before);
});

test('an identity that still serves cannot be destroyed, nor one that is not there', async () => {
  const current = await deskJson(['retire', drop.keys, '2027-12-10', '--yes'], LATER);
  expect(current.json['error']).toMatchObject({ code: 'retire-current' });
  const lastDay = await deskJson(['retire', drop.keys, '2026-11-24', '--yes'], '2027-11-24');
  expect(lastDay.json['error']).toMatchObject({ code: 'retire-current' });
  expect((await deskJson(['retire', drop.keys, '2020-01-01', '--yes'], LATER)).json['error']).toMatchObject({
    code: 'identity-unknown',
  });
});

test('what an identity alone opens is shown, and once it is destroyed nothing opens it, nor is it left in the folder', async () => {
  const before = await contents();
  const stopped = await desk(['retire', drop.keys, '2026-11-24', '--bundle', drop.bundle], LATER, 'yes\n');
  expect(stopped.exit).toBe(3);
  expect(stopped.warnings.join('\n')).toContain(PARCEL);
  expect(await contents()).toStrictEqual(before);
  expect((await desk(['verify', drop.bundle, '--keys', drop.keys], LATER)).exit).toBe(0);

  const secret = /AGE-SECRET-KEY-1[0-9A-Z]+/.exec(before[0]!)![0];
  const blocks = join(base.folder, 'the same blocks');
  await link(join(drop.keys, 'identities.txt'), blocks);
  const { words } = (
    (await deskJson(['identities', drop.keys, '--list'], LATER)).json['identities'] as { words: string }[]
  )[0]!;
  const done = await desk(['retire', drop.keys, '2026-11-24'], LATER, `${words.split(' ')[0]}\n`);
  expect(done).toMatchObject({ exit: 0, stdout: expect.stringContaining('paper backups') });
  expect(await readFile(blocks, 'latin1')).toMatch(/^\0+$/);
  for (const entry of await readdir(drop.keys, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(await readFile(join(entry.parentPath, entry.name), 'utf8')).not.toContain(secret);
  const closed = await deskJson(['verify', drop.bundle, '--keys', drop.keys], LATER);
  expect(closed.exit).toBe(1);
  expect(JSON.stringify(closed.json)).toContain('not-for-us');
});

test('the log of a case that it alone opens is put under one that stays, and tells of its end', async () => {
  const own = await makeDrop(join(base.folder, 'with a case'));
  const { stream } = await testParcel([], 'Words.\n');
  await makeParcelOf(own, stream, { parcel: PARCEL });
  expect((await desk(['verify', own.bundle, '--keys', own.keys])).exit).toBe(0);
  const path = join(own.keys, 'cases', `${PARCEL}.log.age`);
  const [log, content] = [await readFile(path), await readFile(join(own.keys, 'identities.txt'), 'utf8')];
  await desk(['rotate', own.keys, '--out', join(base.folder, 'other.note'), '--yes'], LATER);

  const other = join(own.keys, 'cases', `${'f'.repeat(32)}.log.age`);
  await writeFile(other, log.with(-1, log.at(-1)! ^ 1));
  const damaged = await deskJson(['retire', own.keys, '2026-11-24', '--yes'], LATER);
  expect(damaged.json['error']).toMatchObject({ code: 'case-log-damaged' });
  expect(await readFile(join(own.keys, 'identities.txt'), 'utf8')).toContain(content);
  expect(await readFile(path, 'base64')).toBe(log.toString('base64'));

  await rm(other);
  const retired = await desk(['retire', own.keys, '2026-11-24', '--role', 'archivist', '--yes'], LATER);
  expect(retired).toMatchObject({ exit: 0, stderr: '' });
  expect(retired.warnings.join('\n')).toContain('Logs of cases that open with it alone: 1;');
  const keys = await readKeyFolder(own.keys);
  const input = { cases: join(own.keys, 'cases'), parcel: PARCEL, keys, now: () => new Date(), random };
  const opened = await openCaseLog({ ...input, device: 'main', actor: 'staff' });
  expect(opened.events().map(({ action }) => action)).toStrictEqual(['verified', 'retired']);
  expect(opened.events()[1]).toMatchObject({ actor: 'archivist', values: { from: '2026-11-24', until: '2027-11-24' } });
  const secret = /AGE-SECRET-KEY-1[0-9A-Z]+/.exec(content)![0];
  expect(await openHeader(new Uint8Array(await readFile(path)), [secret])).toBeNull();
  // That which lasts longest goes too, when all are over.
  expect((await desk(['retire', own.keys, '2028-09-10', '--yes'], '2029-01-01')).exit).toBe(0);
  const again = { ...input, keys: await readKeyFolder(own.keys), device: 'main', actor: 'staff' };
  expect((await openCaseLog(again)).events()).toHaveLength(3);
});

test('keys that may be in other hands end yesterday, and the new ones begin today', async () => {
  const own = await makeDrop(join(base.folder, 'copied'));
  const out = join(base.folder, 'replaced.note');
  const done = await desk(['rotate', own.keys, '--out', out, '--replace'], '2026-12-10', 'rotate\n');
  expect(done).toMatchObject({ exit: 0, stderr: '' });
  const { identities } = await readKeyFolder(own.keys);
  expect(identities.slice(0, 2)).toMatchObject([
    { from: '2026-11-24', until: '2026-12-09' },
    { from: '2026-12-10', until: '2027-03-09' },
  ]);
  const root = fromBase64Url((await desk(['root', own.keys])).stdout.trim(), 32);
  const card = await openCard(await readFile(out, 'utf8'), root);
  expect(card.recipients.map(({ recipient }) => recipient)).toStrictEqual(
    identities.slice(1).map(({ recipient }) => recipient),
  );
});

test('periods follow each other without a gap from any day, the last of a month too', () => {
  expect(periodsFrom('2027-11-30', { months: 3, count: 2 })).toStrictEqual([
    { from: '2027-11-30', until: '2028-02-28' },
    { from: '2028-02-29', until: '2028-05-29' },
  ]);
  for (let day = '2027-01-01'; day < '2028-03-02'; day = daysAfter(day, 1)) {
    const periods = periodsFrom(day, { months: 3, count: 4 });
    expect(periods[0]!.from).toBe(day);
    for (const [i, { from }] of periods.slice(1).entries()) expect(from).toBe(daysAfter(periods[i]!.until, 1));
  }
  const identity = { from: '2027-01-01', until: '2027-03-31', recipient: '', identity: '' };
  const ahead = { months: 3, ahead: 2 };
  expect(missingPeriods([identity], { ...ahead, today: '2027-02-01' })).toStrictEqual([
    { from: '2027-04-01', until: '2027-06-30' },
  ]);
  expect(missingPeriods([identity], { ...ahead, today: '2027-04-01' })[0]!.from).toBe('2027-04-01');
});
