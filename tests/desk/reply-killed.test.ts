/** `desk reply`, killed at any moment: nothing half-written is left under the name of a reply, and no number is lost or given twice. */
import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fileOf, reply, replyTo, useScene } from './reply-scene.ts';
import { makeSource, send } from './source.ts';

const MIB = 1_048_576;
const scene = useScene();

describe('killed in the middle', () => {
  const main = new URL('../../desk/main.ts', import.meta.url).pathname;

  test('nothing half-written is in the outbox, and the next run clears up and takes the number', async () => {
    const other = await makeSource();
    const { parcel } = await send(scene.drop, other);
    const file = await fileOf(scene, '', 'large.bin');
    await truncate(file, 1024 * MIB);
    const args = [...replyTo(scene, parcel), '--message', await fileOf(scene, 'x'), '--attach', file];
    for (const delay of [20, 150, 300]) {
      const child = spawn(process.execPath, [main, ...args], { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await partOf(scene.drop.bundle, delay);
      child.kill('SIGKILL');
      await ended;
      for (const name of await readdir(join(scene.drop.bundle, 'outbox')))
        expect(await readdir(join(scene.drop.bundle, 'outbox', name))).toContain('envelope.json');
    }
    expect((await reply(scene, 'Again.', [], parcel)).number).toBe(1);
    expect((await readdir(scene.drop.bundle)).filter((name) => name.startsWith('.'))).toStrictEqual([]);
    expect((await readdir(scene.drop.keys)).filter((name) => name.startsWith('.lock'))).toStrictEqual([]);
  }, 60_000);

  test('a reply that was whole and recorded is put into the outbox by the next run', async () => {
    const other = await makeSource();
    const { parcel } = await send(scene.drop, other);
    const first = await reply(scene, 'First.', [], parcel);
    const draft = join(scene.drop.bundle, `.reply-${first.reply}`);
    await mkdir(draft);
    await writeFile(join(draft, 'process'), '999999999\n');
    await cp(first.folder, join(draft, 'parcel'), { recursive: true });
    await rm(first.folder, { recursive: true });
    expect((await reply(scene, 'Second.', [], parcel)).number).toBe(2);
    expect(await readdir(first.folder)).toContain('envelope.json');
    expect((await readdir(scene.drop.bundle)).filter((name) => name.startsWith('.'))).toStrictEqual([]);
  });
});

test('a draft that somebody made of a reply in the outbox is cleared away, and keeps no other from being written', async () => {
  const first = await reply(scene, 'First.');
  const draft = join(scene.drop.bundle, `.reply-${first.reply}`);
  await mkdir(draft);
  await cp(first.folder, join(draft, 'parcel'), { recursive: true });
  await reply(scene, 'Second.');
  expect(await readdir(first.folder)).toContain('envelope.json');
  expect(await readdir(scene.drop.bundle)).not.toContain(`.reply-${first.reply}`);
});

test('a draft whose process is named by a pipe keeps nobody waiting', async () => {
  const draft = join(scene.drop.bundle, `.reply-${'d'.repeat(32)}`);
  await mkdir(draft);
  await promisify(execFile)('mkfifo', [join(draft, 'process')]);
  await reply(scene, 'x');
  expect(await readdir(scene.drop.bundle)).not.toContain(`.reply-${'d'.repeat(32)}`);
});

/** Waits until a draft has some parts, and then for so many milliseconds. */
async function partOf(bundle: string, delay: number): Promise<void> {
  for (;;) {
    const names = await readdir(bundle, { recursive: true }).catch(() => []);
    if (names.some((name) => name.startsWith('.reply-') && name.endsWith('.age'))) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await new Promise((resolve) => setTimeout(resolve, delay));
}
