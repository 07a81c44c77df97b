/** The server's Node has flags of its own, however it is started; no other program has them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pinnedNode, programArguments, ROOT, SERVER_FLAGS, serverPermissions } from '../../deploy/project.mjs';

test('the server is started with them, from wherever it is named, and the desk is not', () => {
  const path = join(ROOT, 'server/main.ts');
  expect(programArguments('server/main.ts')).toEqual([...SERVER_FLAGS, path]);
  expect(programArguments(path)).toEqual([...SERVER_FLAGS, path]);
  expect(programArguments('desk/main.ts')).toEqual([join(ROOT, 'desk/main.ts')]);
});

test('the image starts it with the same', () => {
  const command = /^CMD (\[.*\])$/m.exec(readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8'));
  expect(JSON.parse(command![1]!)).toEqual([
    'node',
    ...SERVER_FLAGS,
    ...serverPermissions({ app: '/app', data: '/data', secrets: '/run/secrets' }),
    'server/main.ts',
  ]);
});

test('they keep the memory for new objects small', () => {
  const program = `
    let kept = [];
    for (let at = 0; at < 3e6; at++) { if (at % 1e5 === 0) kept = []; kept.push({ at }); }
    console.log(require('v8').getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);`;
  const sizeWith = (flags: readonly string[]): number =>
    Number(execFileSync(pinnedNode(), [...flags, '-e', program], { encoding: 'utf8' }));
  const [small, large] = [sizeWith(SERVER_FLAGS), sizeWith([])];
  expect(small).toBeLessThanOrEqual(8 * 1_048_576);
  expect(large).toBeGreaterThan(8 * 1_048_576);
});
