/** The process that serves, taken over by a script of somebody else's: what its cage does not let it do, tried from inside. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDrop } from '../../kit/make-parcel.ts';
import { desk, scratch } from '../desk.ts';
import { startChild } from '../../../desk/self.ts';
import { until } from '../../kit/waiting.ts';

const DESK = fileURLToPath(new URL('../../../desk/', import.meta.url));

let folder: string;
let remove: () => Promise<void>;
beforeEach(async () => ({ folder, remove } = await scratch()));
afterEach(() => remove());

/** Runs a script in the cage of the real one, after it has been closed; gives what each of its tries came to. */
async function tryInside(tries: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const inside = join(folder, 'inside');
  await mkdir(inside);
  const child = startChild('content-process', [inside]);
  child.kill('SIGKILL');
  const options = child.spawnargs.slice(1, -1);
  const lines = Object.entries(tries).map(
    ([name, code]) =>
      `said[${JSON.stringify(name)}] = await (async () => { ${code} })().then((value) => 'done ' + value, (error) => 'refused ' + error);`,
  );
  const script = join(inside, 'script.mjs');
  const cage = JSON.stringify(join(DESK, 'viewer-server/cage.ts'));
  await writeFile(
    script,
    `import { closeCage } from ${cage};\ncloseCage();\nconst said = {};\n${lines.join('\n')}\nconsole.log(JSON.stringify(said));process.exit(0);`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, [...options, script], { env: {}, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string>;
}

describe('a script in the process that serves', () => {
  test('reads and writes nothing outside, starts nothing, connects to nothing and signals nobody', async () => {
    const secret = join(folder, 'secret');
    const made = join(folder, 'made');
    await mkdir(made);
    await writeFile(secret, 'identities');
    const path = (name: string): string => JSON.stringify(join(made, name));
    const said = await tryInside({
      'read a file': `return (process.getBuiltinModule('node:fs')).readFileSync(${JSON.stringify(secret)}, 'utf8')`,
      'read by a blob': `return (await (process.getBuiltinModule('node:fs')).openAsBlob(${JSON.stringify(secret)})).text()`,
      'read the environment of others': `return (process.getBuiltinModule('node:fs')).readFileSync('/proc/' + process.ppid + '/environ', 'utf8')`,
      'write a file': `(process.getBuiltinModule('node:fs')).writeFileSync(${path('file')}, 'x')`,
      'make a link': `(process.getBuiltinModule('node:fs')).symlinkSync(${JSON.stringify(secret)}, ${path('link')})`,
      'make a database': `const { DatabaseSync } = process.getBuiltinModule('node:sqlite'); new DatabaseSync(${path('database')}).exec('create table a (b)')`,
      'make another database': `const { DatabaseSync } = process.getBuiltinModule('node:sqlite'); new DatabaseSync(${path('other')}).exec('create table a (b)')`,
      'have V8 write its code': `const { setFlagsFromString } = process.getBuiltinModule('node:v8'); setFlagsFromString('--redirect-code-traces-to=' + ${path('code')}); setFlagsFromString('--redirect-code-traces'); setFlagsFromString('--print-opt-code'); let sum = 0; const double = (each) => each * 2; for (let i = 0; i < 3e6; i++) sum += double(i);`,
      'write its heap': `(process.getBuiltinModule('node:v8')).writeHeapSnapshot(${path('heap')})`,
      'write a report': `process.report.writeReport(${path('report')})`,
      'start a program': `const { error } = (process.getBuiltinModule('node:child_process')).spawnSync('id'); if (error) throw error;`,
      'become a program': `process.execve('/usr/bin/id', ['id'], {})`,
      'start a thread': `new (process.getBuiltinModule('node:worker_threads')).Worker('1', { eval: true })`,
      'load machine code': `process.dlopen({ exports: {} }, ${JSON.stringify(secret)})`,
      'make code of text': `return Function('return 1')()`,
      'open a debugger here': `(process.getBuiltinModule('node:inspector')).open(0)`,
      'open a debugger in another': `process.kill(process.ppid, 'SIGUSR1')`,
      'open a debugger by another name': `process._debugProcess(process.ppid)`,
      'signal by the inner name': `process._kill(process.ppid, 10)`,
      'give the signals back': `Object.defineProperty(process, 'kill', { value: 1 })`,
      'connect to a port': `await new Promise((resolve, reject) => (process.getBuiltinModule('node:net')).connect(9, '127.0.0.1').on('connect', resolve).on('error', (error) => (error.code === 'ECONNREFUSED' ? resolve() : reject(error))))`,
      'connect to a bus': `await new Promise((resolve, reject) => (process.getBuiltinModule('node:net')).connect('/nowhere').on('connect', resolve).on('error', (error) => (error.code === 'ENOENT' ? resolve() : reject(error))))`,
      'ask for a page': `await fetch('http://127.0.0.1:9/').catch((error) => { if (error.cause?.code === 'ECONNREFUSED') return; throw error; })`,
      'send a packet': `await new Promise((resolve, reject) => (process.getBuiltinModule('node:dgram')).createSocket('udp4').send('x', 9, '127.0.0.1', (error) => (error ? reject(error) : resolve())))`,
    });
    const done = Object.entries(said).filter(([, what]) => !what.startsWith('refused'));
    expect(done).toEqual([]);
    expect(await readdir(made)).toEqual([]);
  });
});

describe('the process that holds the keys', () => {
  test('opens no debugger at a signal', async () => {
    const child = spawn(process.execPath, [join(DESK, 'main.ts'), 'init', join(folder, 'keys')], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    let said = '';
    child.stderr.on('data', (text: Buffer) => void (said += text.toString()));
    await until('its first question', 20_000, () => Promise.resolve(said !== ''));
    child.kill('SIGUSR1');
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.stdin.end();
    await ended;
    expect(said).not.toContain('Debugger listening');
  });
});

describe('a bundle from which a way leads out', () => {
  test.for<[string, (bundle: string, keys: string) => Promise<void>]>([
    ['a link in the place of a parcel', (bundle, keys) => symlink(keys, join(bundle, 'inbox', '1'.repeat(32)))],
    [
      'a link deep inside',
      async (bundle, keys) => {
        await mkdir(join(bundle, 'inbox', '1'.repeat(32), 'deep'), { recursive: true });
        await symlink(keys, join(bundle, 'inbox', '1'.repeat(32), 'deep', 'keys'));
      },
    ],
  ])('is not shown: %s', async ([, make]) => {
    const drop = await makeDrop(folder);
    await mkdir(join(drop.bundle, 'inbox'), { recursive: true });
    await make(drop.bundle, drop.keys);
    const { exit, stderr } = await desk(['open', drop.bundle, '--keys', drop.keys]);
    expect(stderr).toMatch(/1{32}.* cannot be given to the process that serves the page \(it is a link\)/);
    expect(exit).toBe(3);
  });
});
