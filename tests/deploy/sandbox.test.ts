/** The image's command, word for word, with this machine's folders in place of its own: the server works inside Node's sandbox, and gets no further. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeOrganisation } from '../kit/organisation.ts';
import { PROJECT, run, start } from '../kit/programs.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { createSender, openAt, sealAt, sendAt } from '../kit/sender.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { startTestDatabase } from '../kit/test-database.ts';
import { until } from '../kit/waiting.ts';

/** What follows `node` in CMD of the Dockerfile, or in ExecStart of the unit. */
const imageCommand = (): string[] =>
  JSON.parse(/^CMD (\[.*\])$/m.exec(readFileSync(join(PROJECT, 'deploy/Dockerfile'), 'utf8'))![1]!) as string[];
const unitCommand = (): string[] =>
  /^ExecStart=(.*)$/m.exec(readFileSync(join(PROJECT, 'deploy/postern.service'), 'utf8'))![1]!.split(' ');

const moved = (args: readonly string[], places: Readonly<Record<string, string>>): string[] =>
  args.map((arg) =>
    Object.entries(places).reduce(
      (text, [from, to]) => text.replace(new RegExp(`(^|=)${from}(?=/|$)`), `$1${to}`),
      arg,
    ),
  );

test('an upload goes through, and what lies elsewhere can be neither read nor written nor started', async () => {
  await using database = await startTestDatabase();
  await using folder = await temporaryFolder();
  const [data, secrets] = [join(folder.path, 'data'), join(folder.path, 'secrets')];
  await mkdir(secrets);
  await writeFile(join(secrets, 'database-url'), database.url);
  await makeOrganisation(data);
  const [, ...flagged] = moved(imageCommand(), { '/app': PROJECT, '/data': data, '/run/secrets': secrets });
  const flags = flagged.slice(0, -1);
  const env = {
    POSTERN_DATA: data,
    POSTERN_DATABASE_URL_FILE: join(secrets, 'database-url'),
    POSTERN_SOURCE_PORT: '0',
    POSTERN_STAFF_PORT: '0',
    POSTERN_OPS_PORT: '0',
  };
  const server = start(process.execPath, flagged, { env });
  try {
    const source = await until('it is ready', 40_000, () => {
      if (server.child.exitCode !== null) throw new Error(server.err());
      return /^postern source (\S+) /m.exec(server.out())?.[1];
    });
    const sender = await createSender({ parts: 2 });
    await openAt(source, sender);
    const parts = [patternBytes(400_000, 1), patternBytes(900, 2)];
    for (const [part, bytes] of parts.entries()) expect((await sendAt(source, sender, part, bytes)).status).toBe(201);
    expect((await sealAt(source, sender, parts)).status).toBe(200);
    expect(existsSync(join(data, 'blobs', sender.parcel))).toBe(true);
  } finally {
    server.child.kill('SIGTERM');
    expect(await server.finished).toMatchObject({ code: 0, err: '' });
  }

  const attempts = {
    'reads its data': `readdirSync(${JSON.stringify(data)})`,
    'reads elsewhere': `readFileSync('/etc/passwd')`,
    'writes its program': `writeFileSync(${JSON.stringify(join(PROJECT, 'server/planted.ts'))}, '')`,
    'writes elsewhere': `writeFileSync(${JSON.stringify(join(folder.path, 'planted'))}, '')`,
    'starts a program': `spawnSync('true')`,
  };
  const outcomes: Record<string, string> = {};
  for (const [what, code] of Object.entries(attempts)) {
    const program = `const {readdirSync, readFileSync, writeFileSync} = require('fs'); const {spawnSync} = require('child_process');
      try { ${code}; console.log('done') } catch (error) { console.log(error.code) }`;
    outcomes[what] = (await run(process.execPath, [...flags, '-e', program])).out.trim();
  }
  expect(outcomes).toEqual({
    'reads its data': 'done',
    'reads elsewhere': 'ERR_ACCESS_DENIED',
    'writes its program': 'ERR_ACCESS_DENIED',
    'writes elsewhere': 'ERR_ACCESS_DENIED',
    'starts a program': 'ERR_ACCESS_DENIED',
  });
});

test('the systemd unit starts it the same way', () => {
  const places = {
    '/opt/postern': '/app',
    '/var/lib/postern-drop': '/data',
    '/run/credentials/postern.service': '/run/secrets',
  };
  const [, ...args] = moved(unitCommand(), places);
  expect(args).toEqual([...imageCommand().slice(1, -1), '/app/server/main.ts']);
});
