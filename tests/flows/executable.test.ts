/** The desk as one file: made twice it is the same to the byte, its list of hashes is signed for stock tools, and on a machine with nothing else it does all. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../desk/viewer/raw-http.ts';
import { enter } from '../desk/viewer/viewer.ts';
import { makeSource, openWithStockTools, send } from '../desk/source.ts';
import type { Source } from '../desk/source.ts';
import type { FilePage } from '../../desk/viewer/api.ts';
import { makeEmptyMachine } from '../kit/empty-machine.ts';
import type { EmptyMachine } from '../kit/empty-machine.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import type { MadeParcel } from '../kit/make-parcel.ts';
import { PROJECT, run } from '../kit/programs.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { until } from '../kit/waiting.ts';

const NAME = `postern-desk-linux-${process.arch}`;
const NOBODY = 65_534;
/** What lies in the project and is no source. */
const LEFT_BEHIND = new Set([
  '.git',
  'node_modules',
  'data',
  'client/dist',
  'desk/dist',
  'desk/viewer-dist',
  'desk/viewer-dist.stamp',
  '.tsbuild',
]);

/** What a browser says when a video of the page asks for its bytes. */
const AS_VIDEO = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'video' };

let base: Awaited<ReturnType<typeof temporaryFolder>>;
let one: string;
let two: string;
let key: string;

beforeAll(async () => {
  base = await temporaryFolder();
  key = join(base.path, 'release-key');
  expect((await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'release', '-f', key])).code).toBe(0);
  one = await copyProject(join(base.path, 'one'));
  await symlink(join(PROJECT, 'node_modules'), join(one, 'node_modules'));
  two = await copyProject(join(base.path, 'a folder of another name'));
  const linked = await run('cp', ['-al', join(PROJECT, 'node_modules'), two]);
  if (linked.code !== 0) await cp(join(PROJECT, 'node_modules'), join(two, 'node_modules'), { recursive: true });
  // Vite writes there while it reads its settings.
  await rm(join(two, 'node_modules/.vite-temp'), { recursive: true, force: true });
  for (const folder of ['desk', 'node_modules']) await chown(join(two, folder), NOBODY, NOBODY);
});

afterAll(() => base[Symbol.asyncDispose]());

async function copyProject(to: string): Promise<string> {
  await cp(PROJECT, to, {
    recursive: true,
    filter: (path) => !LEFT_BEHIND.has(path.slice(PROJECT.length + 1)),
  });
  return to;
}

/** Runs the build in a copy of the project as a user of its own settings. */
async function build(
  folder: string,
  { umask, user, env, more }: { umask: string; user: number; env: Record<string, string>; more: readonly string[] },
): Promise<string> {
  const { code, err, out } = await run(
    'setpriv',
    [`--reuid=${user}`, '--clear-groups', 'sh', '-c', `umask ${umask} && exec "$@"`, 'sh'].concat(
      [process.execPath, 'deploy/build.mjs', '--platform', `linux-${process.arch}`],
      more,
    ),
    { cwd: folder, env: { ...env, POSTERN_ROOT_KEY: '' } },
  );
  expect(code, err + out).toBe(0);
  return out;
}

const sha256Of = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

describe('the executable', () => {
  test('is the same to the byte in two folders, for two users, with other clocks, languages and habits', async () => {
    const said = await build(one, { umask: '022', user: 0, env: { TZ: 'UTC', LANG: 'C' }, more: ['--sign', key] });
    await build(two, {
      umask: '077',
      user: NOBODY,
      env: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', HOME: '/', NODE_ENV: 'development' },
      more: [],
    });
    const sha256 = await sha256Of(join(one, 'desk/dist', NAME));
    expect(await sha256Of(join(two, 'desk/dist', NAME))).toBe(sha256);
    expect(said).toContain(sha256);
    expect(said).toContain('The client is left out');
  });

  test('names no folder of the machine that made it', async () => {
    const content = await readFile(join(one, 'desk/dist', NAME));
    for (const folder of [base.path, PROJECT]) expect(content.includes(folder)).toBe(false);
  });

  test('is in a list of hashes whose signature stock OpenSSH verifies, and notices when the list was changed', async () => {
    const dist = join(one, 'desk/dist');
    expect(await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: dist })).toMatchObject({ code: 0 });
    const signers = join(base.path, 'allowed_signers');
    await writeFile(signers, `postern ${(await readFile(`${key}.pub`, 'utf8')).trim()}\n`);
    const verify = (list: string) =>
      run('sh', [
        '-c',
        'ssh-keygen -Y verify -f "$1" -I postern -n postern-desk -s "$2/SHA256SUMS.sig" < "$3"',
        'sh',
        signers,
        dist,
        list,
      ]);
    const list = join(dist, 'SHA256SUMS');
    expect(await verify(list)).toMatchObject({ code: 0 });
    const changed = join(base.path, 'changed');
    await writeFile(
      changed,
      (await readFile(list, 'utf8')).replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    expect((await verify(changed)).code).not.toBe(0);
  });
});

describe('on a machine where nothing is installed, from a stick that cannot be written', () => {
  let machine: EmptyMachine;
  let source: Source;
  let parcel: MadeParcel;
  const video = patternBytes(5_000_000, 7);
  // By these the viewer knows an MP4.
  video.set(Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0isommp42', 'latin1'));

  beforeAll(async () => {
    machine = await makeEmptyMachine(await folder('machine'), join(one, 'desk/dist', NAME));
    const drop = await makeDrop(join(machine.root, 'work'), 'hybrid');
    source = await makeSource();
    parcel = await send(drop, source, { message: 'Сообщение', files: [{ path: 'видео.mp4', content: video }] });
  });

  async function folder(name: string): Promise<string> {
    const path = join(base.path, name);
    await mkdir(path);
    return path;
  }

  test('it makes keys and cards, and its exit codes are those of the program', async () => {
    const help = await machine.desk(['help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(/^Where this says desk, type the path of this file, as in \.\/postern-desk/m);
    expect(await machine.desk(['init', '/work/new', '--organisation', 'Ours'])).toMatchObject({ code: 0, err: '' });
    const { out } = await machine.desk(['version']);
    expect(out).toContain(await sha256Of(join(one, 'desk/dist', NAME)));
    const wrong = await machine.desk(['list', '/work/bundle']);
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain('--keys is missing');
    const foreign = await machine.desk(['list', '/work/bundle', '--keys', '/work/new']);
    expect(foreign).toMatchObject({ code: 1, err: '' });
    expect(await machine.desk(['list', '/work/bundle', '--keys', '/work/none'])).toMatchObject({ code: 3, out: '' });
  });

  test('it lists, verifies, extracts and answers, and leaves nothing of its own behind', async () => {
    const before = await machine.files();
    const listed = await machine.desk(['list', '/work/bundle', '--keys', '/work/keys']);
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.out).toContain('Сообщение');
    const verified = await machine.desk(['verify', '/work/bundle', '--keys', '/work/keys', '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.out)).toMatchObject({ parcels: [{ parcel: parcel.parcel, state: 'complete' }] });
    const { out: root } = await machine.desk(['root', '/work/keys']);
    const outside = await machine.desk(['verify', '/work/bundle', '--root', root.trim(), '--json']);
    expect(outside.code).toBe(0);
    expect(JSON.parse(outside.out)).toMatchObject({ parcels: [{ parcel: parcel.parcel, state: 'as-sealed' }] });
    const extracted = await machine.desk(['extract', '/work/bundle', '--keys', '/work/keys', '--out', '/work/out']);
    expect(extracted.code).toBe(0);
    const bag = join(machine.root, 'work/out', parcel.parcel);
    expect(Buffer.compare(await readFile(join(bag, 'data/files/видео.mp4')), video)).toBe(0);
    const reported = await machine.desk(['report', `/work/out/${parcel.parcel}`, '--keys', '/work/keys']);
    expect(reported).toMatchObject({ code: 0, err: '' });
    expect((await readFile(join(bag, 'custody/report.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
    const words = ['reply', '/work/bundle', '--keys', '/work/keys', '--to', parcel.parcel, '--message', '-', '--json'];
    const replied = await machine.desk(words, 'Спасибо.\n');
    expect(replied.code, replied.err).toBe(0);
    const { folder: outbox } = JSON.parse(replied.out) as { folder: string };
    const answer = await openWithStockTools(join(machine.root, outbox), source.replyIdentity);
    expect(await readFile(join(answer, 'data/message.txt'), 'utf8')).toBe('Спасибо.\n');
    const told = await machine.desk(['conversation', '/work/bundle', '--keys', '/work/keys', '--to', parcel.parcel]);
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toContain('Спасибо.');
    expect(await machine.files()).toStrictEqual(before);
  });

  test('it shows a file by range from a process of itself, which reads the inbox alone and ends with it', async () => {
    // A name that would be two options, if it were not quoted.
    const odd = '/work/a "bundle" --allow-fs-write=';
    await cp(join(machine.root, 'work/bundle'), join(machine.root, odd), { recursive: true });
    const viewer = machine.start(['open', odd, '--keys', '/work/keys']);
    try {
      const gone = viewer.finished.then(({ code, err }) => Promise.reject(new Error(`ended with ${code}: ${err}`)));
      const told = until('the address', 60_000, () => viewer.err().includes('http://127.0.0.1:'));
      await Promise.race([told, gone]);
      gone.catch(() => undefined);
      const [origin = '', token = ''] = /http:\S+/.exec(viewer.err())![0].split('/#');
      expect((await ask(`${origin}/`)).body.toString()).toContain('<!doctype html>');
      const page = await enter({ origin, token });
      const { files } = await page.json<FilePage>(`/api/parcels/${parcel.parcel}/files`);
      const shown = files.find(({ path }) => path === 'видео.mp4')!;
      const { status, body } = await ask(shown.href, { headers: { ...AS_VIDEO, range: 'bytes=3000000-3000999' } });
      expect(status).toBe(206);
      expect(Buffer.compare(body, video.subarray(3_000_000, 3_001_000))).toBe(0);
      const child = Number(await readFile(`/proc/${viewer.pid}/task/${viewer.pid}/children`, 'utf8'));
      const environment = (await readFile(`/proc/${child}/environ`, 'utf8')).split('\0');
      expect(environment.filter((line) => line !== '' && !line.startsWith('NODE_CHANNEL_'))).toStrictEqual([]);
      const options = (await readFile(`/proc/${child}/cmdline`, 'utf8')).split('\0');
      expect(options[1]).toContain('"--permission" "--allow-fs-read=/work/a \\"bundle\\" --allow-fs-write=/inbox"');
      // The signal at which Node opens its debugger to whoever asks.
      process.kill(viewer.pid, 'SIGUSR1');
      expect((await ask(`${origin}/`)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(viewer.err()).not.toContain('Debugger');
      await viewer.kill();
      await until('the end of the child', 60_000, () => !existsSync(`/proc/${child}`));
    } finally {
      await viewer.kill();
    }
  });
});
