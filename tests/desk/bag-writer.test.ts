/** Writing the files of a bag when the disk does not take them: one Failure, and nothing that ends the program behind its back. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBagWriter } from '../../desk/case/bag-writer.ts';
import type { OutTree } from '../../desk/case/out-tree.ts';
import { PROJECT } from '../kit/programs.ts';

const entry = { path: 'data/files/a', place: 'file', size: 131_072, modified: 0, start: 512 } as const;
const data = { kind: 'data', entry, offset: 0, bytes: new Uint8Array(131_072) } as const;

let fd: number;
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  // Open for reading alone: every write to it fails.
  fd = openSync(join(PROJECT, 'README.md'), 'r');
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
  closeSync(fd);
});

function writer() {
  const tree: OutTree = {
    create: () => ({ fd, full: '/nowhere' }),
    remove: () => undefined,
    mark: () => undefined,
    renamed: () => [],
  };
  return createBagWriter(tree, { out: 'out', keepIncomplete: false });
}

test('a write behind that fails is a Failure where it is waited for', async () => {
  const bag = writer();
  bag.take({ kind: 'entry', entry });
  bag.take(data);
  await expect(bag.settled()).rejects.toMatchObject({ name: 'Failure', code: 'out-unwritable' });
});

test('and nothing where another failure has ended the waiting', async () => {
  const bag = writer();
  bag.take({ kind: 'entry', entry });
  bag.take(data);
  expect(() => bag.take({ ...data, bytes: new Uint8Array(10) })).toThrow('out-unwritable');
  await sleep(50);
  expect(unhandled).toEqual([]);
});
