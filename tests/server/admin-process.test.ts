/** The operator's program as a process: beside a running server, alone, and where it cannot look. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../server/postgres/cluster.ts';
import { startNode } from '../kit/programs.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { until } from '../kit/waiting.ts';

test('it works beside a running server, and alone with a PostgreSQL that it ends again', async () => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  const ports = { POSTERN_SOURCE_PORT: '0', POSTERN_STAFF_PORT: '0', POSTERN_OPS_PORT: '0' };
  const settings = { env: { POSTERN_DATA: data, ...ports } };
  const admin = (...args: string[]) => startNode('server/admin/main.ts', args, settings).finished;
  expect(await admin('stats')).toMatchObject({
    code: 3,
    out: '',
    err: expect.stringContaining('There is no data folder'),
  });
  await mkdir(data, { mode: 0o711 });
  expect(await admin('fsck')).toMatchObject({
    code: 3,
    err: expect.stringContaining('no database in the data folder yet'),
  });

  const server = startNode('server/main.ts', [], settings);
  try {
    await until('the server is ready', 40_000, () => /^postern source /m.exec(server.out()), 20);
    expect(await admin('fsck')).toEqual({
      code: 0,
      signal: null,
      err: '',
      out: '0 parcels with 0 parts, 0 B read.\nAll of it is sound.\n',
    });
  } finally {
    server.child.kill('SIGTERM');
    await server.finished;
  }
  expect(await admin('stats')).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Replies: 0.') });
  const pid = await readFile(join(data, 'postgres/postmaster.pid'), 'utf8').catch(() => null);
  expect(pid === null || !isAlive(Number(pid.split('\n')[0]))).toBe(true);
  expect(await admin('nonsense')).toMatchObject({ code: 2, out: '' });
});
