/** The courier when the server, the session, the key or the command line is not as it should be: what it says and how it exits. */
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drawParcel, sealParcel, startFakeStaff } from '../kit/fake-staff.ts';
import type { FakeStaff } from '../kit/fake-staff.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';
import { courier } from './run-courier.ts';

let staff: FakeStaff;
let folder: TemporaryFolder;
let key: string;

beforeEach(async () => {
  staff = await startFakeStaff();
  folder = await temporaryFolder();
  key = join(folder.path, 'courier.key');
  const { out } = await courier(['enrol', key, '--label', 'Anna’s laptop'.replace('’', '-')]);
  staff.couriers.add(out.split(' ')[0]!);
  const made = await drawParcel(3, 4000);
  await sealParcel(made);
  staff.parcels.push(made);
});

afterEach(async () => {
  await staff.close();
  await folder[Symbol.asyncDispose]();
});

const env = () => ({ POSTERN_STAFF_URL: staff.url.href, POSTERN_COURIER_KEY: key });
const pull = (...extra: string[]) => courier(['pull', join(folder.path, 'bundle'), ...extra], { env: env() });

describe('the server', () => {
  test('answering 503 now and then, or breaking off, is waited out and said once', async () => {
    let count = 0;
    staff.fault = (_, response) => {
      count++;
      if (count % 3 === 0) response.destroy();
      else if (count % 3 === 1) response.writeHead(503).end();
      return count % 3 !== 2;
    };
    const result = await pull('--lanes', '1');
    expect(result).toMatchObject({ exit: 0 });
    expect(result.err).toContain('The server is away (it answers 503); trying again in ');
  });

  test('away for good is given up, with what to do', async () => {
    const address = staff.url.href;
    await staff.close();
    const result = await courier(['pull', join(folder.path, 'b'), '--server', address, '--key', key]);
    expect(result).toMatchObject({ exit: 3 });
    expect(result.err).toContain(
      'The server does not answer: nobody answers at that address.\nWhat is done so far is kept',
    );
    staff = await startFakeStaff();
  });

  test('that forgot the session is signed in to again', async () => {
    let parts = 0;
    staff.fault = (request) => {
      if (request.url?.includes('/parts/') && parts++ === 1) staff.forgetSessions();
      return false;
    };
    expect(await pull('--lanes', '1')).toMatchObject({ exit: 0, err: '' });
    expect(staff.requests.filter((line) => line.endsWith('/api/session'))).toHaveLength(2);
  });

  test('that does not know the key says who can help', async () => {
    staff.couriers.clear();
    const result = await pull();
    expect(result.exit).toBe(3);
    expect(result.err).toContain('couriers.txt');
  });

  test('that is something else is named as such', async () => {
    staff.fault = (_, response) => {
      response.writeHead(404).end('<h1>nginx</h1>');
      return true;
    };
    expect(await pull('--json')).toMatchObject({ exit: 3, out: expect.stringContaining('"error":"server-strange"') });
  });

  test('without a card is no obstacle', async () => {
    staff.card = null;
    expect(await pull()).toMatchObject({ exit: 0, out: expect.stringContaining('no key card yet') });
  });
});

describe('a bundle', () => {
  test('in use by a running courier is left alone, by a dead one taken over', async () => {
    await pull();
    const lock = join(folder.path, 'bundle', '.courier-at-work');
    await writeFile(lock, `${process.ppid}\n`);
    expect(await pull('--json')).toMatchObject({ exit: 3, out: expect.stringContaining('"error":"bundle-in-use"') });
    await writeFile(lock, '999999999\n');
    expect(await pull()).toMatchObject({ exit: 0 });
  });

  test('that cannot be written is named', async () => {
    await writeFile(join(folder.path, 'bundle'), 'a file');
    const result = await pull();
    expect(result.exit).toBe(3);
    expect(result.err).toContain(join(folder.path, 'bundle'));
  });
});

describe('a key file', () => {
  test('is private, is not overwritten, and gives the same line again', async () => {
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    const before = await readFile(key, 'utf8');
    const again = await courier(['enrol', key, '--label', 'Anna', '--json']);
    expect(again.exit).toBe(0);
    const { created, publicKey, line } = JSON.parse(again.out);
    expect(created).toBe(false);
    expect(line).toBe(`${publicKey} Anna`);
    expect(staff.couriers.has(publicKey)).toBe(true);
    expect(await readFile(key, 'utf8')).toBe(before);
  });

  test('that is none, or is missing, is said so', async () => {
    await writeFile(key, 'hello\n');
    await chmod(key, 0o600);
    expect(await pull()).toMatchObject({ exit: 3, err: `courier: ${key} is not a courier’s key file.\n` });
    expect((await courier(['pull', 'b', '--server', 'http://a', '--key', `${key}x`])).err).toContain(
      'There is no key file',
    );
  });
});

describe('the command line', () => {
  test.each([
    [['post'], 'no command “post”'],
    [['push'], 'Name one folder'],
    [['push', 'b', '--yes'], 'has no option --yes'],
    [['status', 'x'], 'takes options only'],
    [['delete'], 'Name the parcels'],
    [['delete', '0123456'], 'at least the first 8'],
    [['delete', 'x123456789'], 'at least the first 8'],
    [['delete', '0'.repeat(33)], 'at least the first 8'],
    [['pull'], 'Name one folder'],
    [['pull', 'b'], 'Say which server'],
    [['pull', 'b', '--server', 'ftp://x'], 'plain http://'],
    [['pull', 'b', '--server', 'http://a:b@x/'], 'plain http://'],
    [['pull', 'b', '--server', 'http://x'], 'Say which key'],
    [['pull', 'b', '--server', 'http://x', '--key', 'k', '--lanes', '17'], '--lanes is a whole number'],
    [['pull', 'b', 'c'], 'Name one folder'],
    [['pull', 'b', '--label', 'x'], 'has no option --label'],
    [['enrol'], 'Name one file'],
    [['enrol', 'f', '--label', 'a\nb'], 'A label is'],
    [['help', '--colour'], 'Unknown option'],
  ])('%j is refused with a sentence', async (args, sentence) => {
    const result = await courier(args);
    expect(result.exit).toBe(2);
    expect(result.err).toContain(sentence);
  });

  test('help is the answer to nothing at all', async () => {
    for (const args of [[], ['help'], ['--help'], ['pull', '--help']]) {
      expect(await courier(args)).toMatchObject({ exit: 0, out: expect.stringContaining('courier pull BUNDLE') });
    }
  });
});
