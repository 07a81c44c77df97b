/** deploy/run.mjs gives way to the program it runs: arguments, folder, output, exit code and signals are the program's own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const RUN = fileURLToPath(new URL('../../deploy/run.mjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'postern-run-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(program: string, args: readonly string[], cwd: string, env = {}) {
  const file = join(folder, 'program.ts');
  writeFileSync(file, program);
  const child = spawn(process.execPath, [RUN, file, ...args], {
    cwd,
    env: { ...process.env, INIT_CWD: undefined, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exit = once(child, 'close').then(([code]) => code as number);
  return { child, exit, output: () => output };
}

test('passes arguments as they are, adds nothing to the output, gives the exit code on', async () => {
  const program = `
    const given: readonly string[] = process.argv.slice(2);
    console.log(JSON.stringify({ given, cwd: process.cwd(), major: process.versions.node.split('.')[0] }));
    process.exitCode = 7;`;
  const { exit, output } = start(program, ['--json', 'two words', ''], folder);
  expect(await exit).toBe(7);
  expect(JSON.parse(output())).toEqual({ given: ['--json', 'two words', ''], cwd: folder, major: '24' });
});

test('runs in the folder in which the person typed the npm command', async () => {
  const { exit, output } = start('console.log(process.cwd())', [], ROOT, { INIT_CWD: folder });
  expect(await exit).toBe(0);
  expect(output()).toBe(`${folder}\n`);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on and waits for the end', async (signal) => {
  const program = `
    process.on('${signal}', () => setTimeout(() => { console.log('clean'); process.exit(9); }, 50));
    setInterval(() => {}, 1000);
    console.log('up');`;
  const { child, exit, output } = start(program, [], folder);
  await once(child.stdout, 'data');
  child.kill(signal);
  expect(await exit).toBe(9);
  expect(output()).toBe('up\nclean\n');
});

test('says with its exit code that a signal ended the program', async () => {
  const { exit } = start(`process.kill(process.pid, 'SIGKILL')`, [], folder);
  expect(await exit).toBe(128 + 9);
});
