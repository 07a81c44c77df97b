/** `npm start`: a demo organisation from nothing, a server that comes back, and a clear sentence when the place is taken. */
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { startNode } from '../kit/programs.ts';
import type { Running } from '../kit/programs.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { until } from '../kit/waiting.ts';

const MINUTE = 60_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data = '';
let env: Record<string, string> = {};
let running: Running;

beforeAll(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'data');
  const [source, staff, ops] = [await freePort(), await freePort(), await freePort()];
  env = {
    POSTERN_DATA: data,
    POSTERN_SOURCE_PORT: String(source),
    POSTERN_STAFF_PORT: String(staff),
    POSTERN_OPS_PORT: String(ops),
  };
  running = await begin();
});

afterAll(async () => {
  running.child.kill('SIGTERM');
  await running.finished;
  await folder[Symbol.asyncDispose]();
});

async function begin(): Promise<Running> {
  const started = startNode('deploy/start.mjs', [], { env });
  const ended = started.finished.then(({ code, out, err }) => {
    throw new Error(`npm start ended with ${code}:\n${err}${out}`);
  });
  ended.catch(() => undefined);
  await Promise.race([ended, until('the welcome', 3 * MINUTE, () => started.out().includes('Ctrl-C stops it'))]);
  return started;
}

const note = async () =>
  JSON.parse(await readFile(join(data, 'running.json'), 'utf8')) as { supervisor: number; server: number };
const ask = async (port: string, path: string) => fetch(`http://127.0.0.1:${env[port]}${path}`).catch(() => null);

test('serves the page and a card that calls itself a demonstration', async () => {
  const page = await ask('POSTERN_SOURCE_PORT', '/');
  expect(page?.status).toBe(200);
  expect(await page?.text()).toMatch(/<script type="module"[^>]* src="\/assets\//);
  expect(await (await ask('POSTERN_SOURCE_PORT', '/api/card'))?.text()).toMatch(/^demo yes$/m);
});

test('keeps private keys to their owner', async () => {
  for (const path of ['demo', 'demo/desk-keys', 'demo/courier.key', 'receipt.key']) {
    expect((await stat(join(data, path))).mode & 0o077, path).toBe(0);
  }
});

test('the commands it prints work as they are printed', async () => {
  const commands = [...running.out().matchAll(/^ {2}npm run -s (desk|courier) -- (.*)$/gm)];
  expect(commands).toHaveLength(5);
  for (const [, program, line] of commands) {
    const args = line!.split(' ');
    const typed = startNode('deploy/run.mjs', [`${program}/main.ts`, ...args], { env: { INIT_CWD: folder.path } });
    // The viewer runs until it is ended.
    if (args[0] === 'open') {
      await until('the address', MINUTE, () => /http:\/\/127\.0\.0\.1:\d+\/#/.test(typed.err()));
      typed.child.kill('SIGINT');
    }
    expect(await typed.finished, line).toMatchObject({ code: 0 });
  }
});

test('a second start says that this drop is running', async () => {
  const { code, err } = await startNode('deploy/start.mjs', [], { env }).finished;
  expect(code).toBe(1);
  expect(err).toMatch(/^This drop is running already, .* as process \d+\./);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('another drop on the same port says that the port is taken', async () => {
  const elsewhere = { ...env, POSTERN_DATA: join(folder.path, 'other-data') };
  const { code, err } = await startNode('deploy/start.mjs', [], { env: elsewhere }).finished;
  expect(code).toBe(1);
  expect(err).toMatch(
    /^Port \d+ on 127\.0\.0\.1 is taken by another program\. Choose another one: POSTERN_SOURCE_PORT=/,
  );
});

test('a setting that makes no sense is named', async () => {
  const { code, err } = await startNode('deploy/start.mjs', [], { env: { ...env, POSTERN_STAFF_PORT: 'eight' } })
    .finished;
  expect([code, err]).toEqual([1, 'POSTERN_STAFF_PORT must be a port number, 0 to 65535 (0: any that is free).\n']);
});

test('a server that is killed comes back', async () => {
  const { server } = await note();
  process.kill(server, 'SIGKILL');
  await until('another server', MINUTE, async () => (await note()).server !== server);
  await until('it answers', MINUTE, async () => (await ask('POSTERN_OPS_PORT', '/readyz'))?.ok);
  expect(running.err()).toContain('The server ended (SIGKILL)');
});

test('after a kill of npm start itself, the next one takes over with the same keys', async () => {
  const root = await readFile(join(data, 'root.pub'), 'utf8');
  const { server } = await note();
  // Not until its output is closed: the server that it leaves behind holds that too.
  const gone = once(running.child, 'exit');
  running.child.kill('SIGKILL');
  await gone;
  running = await begin();
  expect(running.err()).toContain('Stopping the server that an earlier start left behind');
  expect(running.err()).not.toMatch(/Made a demo|Built the page/);
  expect((await note()).server).not.toBe(server);
  expect(await readFile(join(data, 'root.pub'), 'utf8')).toBe(root);
});

test('ends cleanly when asked to', async () => {
  running.child.kill('SIGTERM');
  expect((await running.finished).code).toBe(0);
  await expect(note()).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await ask('POSTERN_OPS_PORT', '/readyz')).toBeNull();
});
