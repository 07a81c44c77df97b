/** What a process that was taken over can make the one with the keys hold, write and say. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseOptions } from '../../../desk/commands/options.ts';
import type { DeskContext } from '../../../desk/commands/command.ts';
import { openCase } from '../../../desk/commands/open-case.ts';
import { open } from '../../../desk/commands/open.ts';
import { startSession } from '../../../desk/custody/session.ts';
import { openCaseLogs } from '../../../desk/viewer-server/case-logs.ts';
import { keepsCores } from '../../../desk/viewer-server/swaps.ts';
import { silentProgress } from '../../../desk/terminal/progress.ts';
import { makeDrop } from '../../kit/make-parcel.ts';
import { scratch } from '../desk.ts';

let folder: string;
let remove: () => Promise<void>;
beforeEach(async () => ({ folder, remove } = await scratch()));
afterEach(() => remove());

const context: DeskContext = {
  now: () => new Date('2026-11-24T10:20:30Z'),
  random: (length) => new Uint8Array(randomBytes(length)),
  progress: silentProgress,
  warn: () => undefined,
  readInput: () => Promise.resolve(new Uint8Array(0)),
};

test('files that are said to have been viewed are remembered up to a bound, and the person is told beyond it', async () => {
  const drop = await makeDrop(folder);
  await mkdir(join(drop.bundle, 'inbox'), { recursive: true });
  const options = parseOptions(open, [drop.bundle, '--keys', drop.keys]);
  const session = await startSession(await openCase(options, context), options, context);
  const told: string[] = [];
  const logs = openCaseLogs(session, ({ code }) => void told.push(code));
  const parcel = '1'.repeat(32);
  const long = 'x'.repeat(3_000);
  for (let i = 0; i < 30_000; i++) logs.viewed(parcel, `${long}${i}`);
  expect(new Set(told)).toEqual(new Set(['viewed-many']));
  expect(told.length).toBeGreaterThan(5_000);
  expect(told.length).toBeLessThan(10_000);
});

test('a machine that keeps the memory of what breaks down is told from one that does not', async () => {
  const limits = await readFile('/proc/self/limits', 'utf8');
  const [on, off] = [join(folder, 'on'), join(folder, 'off')];
  await writeFile(on, limits.replace(/^(Max core file size +)\S+/m, '$1unlimited'));
  await writeFile(off, limits.replace(/^(Max core file size +)\S+/m, '$10'));
  expect(await keepsCores(on)).toBe(true);
  expect(await keepsCores(off)).toBe(false);
  expect(await keepsCores(join(folder, 'none'))).toBe(false);
});
