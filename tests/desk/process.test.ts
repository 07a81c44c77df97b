/** The desk as a program of its own: exit codes for scripts, one JSON document on stdout, people's text on stderr. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratch } from './desk.ts';

const MAIN = new URL('../../desk/main.ts', import.meta.url).pathname;

let base: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  base = await scratch();
});
afterAll(() => base.remove());

function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('good: 0, and the result on stdout', async () => {
  const help = await run('help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('Exit codes');
  const made = await run('init', join(base.folder, 'keys'), '--organisation', 'Example', '--json');
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(made.stdout)).toMatchObject({ command: 'init', exit: 0, kind: 'hybrid' });
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const told = await run('version', '--json');
  expect(told).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(told.stdout)).toMatchObject({ version, node: process.versions.node, file: null, sha256: null });
  expect((await run('version', 'more')).code).toBe(2);
});

test('what is typed by habit does what was meant, or says so; a misspelt command is not help', async () => {
  expect(await run('--version')).toMatchObject({ code: 0, stdout: expect.stringContaining('postern-desk') });
  for (const args of [['-h'], ['--help'], ['help', '--help']])
    expect(await run(...args)).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes') });
  expect((await run('init', '-h')).stdout).toContain('desk init DIR');
  for (const args of [
    ['help', 'inti'],
    ['inti', '--help'],
  ])
    expect(await run(...args)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('no command inti'),
    });
  expect(await run('root', '-x')).toMatchObject({ code: 2, stderr: expect.stringContaining('no option -x') });
  expect((await run('team', 'list')).stderr).toContain('desk team list DIR, or desk team add DIR NAME FILE');
});

test('used wrongly: 2; cannot: 3; each with a sentence and a hint on stderr', async () => {
  const wrong = await run('list');
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toBe(
    'desk: this is not how the command is written: desk list BUNDLE --keys DIR [--parcel ID]\nhint: desk help list\n',
  );
  const cannot = await run('list', base.folder, '--keys', join(base.folder, 'nothing here'));
  expect(cannot).toMatchObject({ code: 3, stdout: '' });
  expect(cannot.stderr).toMatch(/is not a key folder[^\n]*\nhint: desk init/);
});

test('with --json an error is a document too, and stderr stays empty', async () => {
  const cannot = await run('root', base.folder, '--json');
  expect(cannot).toMatchObject({ code: 3, stderr: '' });
  expect(JSON.parse(cannot.stdout)).toMatchObject({ command: 'root', exit: 3, error: { code: 'keys-missing' } });
});
