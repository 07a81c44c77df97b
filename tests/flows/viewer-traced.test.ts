/** The viewer under strace, as a person starts it: which sockets it opens, and what it writes while footage plays. */
import { spawn } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildViewer } from '../../deploy/viewer.mjs';
import type { FilePage } from '../../desk/viewer/api.ts';
import { ask } from '../desk/viewer/raw-http.ts';
import { enter } from '../desk/viewer/viewer.ts';
import { scratch } from '../desk/desk.ts';
import { makeSource, send } from '../desk/source.ts';
import { makeDrop } from '../kit/make-parcel.ts';

const CANARY = 'canary-frame-7f3a91c2-';

test('nothing but loopback is listened on, and footage that plays is written nowhere', async () => {
  const { folder, remove } = await scratch();
  try {
    buildViewer();
    const drop = await makeDrop(folder);
    const content = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom', 'latin1'), Buffer.from(CANARY.repeat(150_000))]);
    const { parcel } = await send(drop, await makeSource(), { files: [{ path: 'clip.mp4', content }] });
    const trace = join(folder, 'trace');
    const calls = 'trace=network,open,openat,creat,rename,renameat,renameat2,memfd_create,write,writev,pwrite64';
    const main = new URL('../../desk/main.ts', import.meta.url).pathname;
    const child = spawn(
      'strace',
      [
        '-f',
        '-qq',
        '-s',
        '64',
        '-e',
        calls,
        '-o',
        trace,
        process.execPath,
        main,
        'open',
        drop.bundle,
        '--keys',
        drop.keys,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (text: Buffer) => {
        said += text.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}/.exec(said)?.[0];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', () => reject(new Error(said)));
    });
    const [origin = '', token = ''] = address.split('/#');
    const client = await enter({ origin, token });
    const { files } = await client.json<FilePage>(`/api/parcels/${parcel}/files`);
    const headers = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'video' };
    const { body } = await ask(files[0]!.href, { headers });
    expect(body.equals(content)).toBe(true);
    expect((await client.post('/api/close', {})).status).toBe(200);
    await ended;

    const lines = (await readFile(trace, 'utf8')).split('\n');
    const sockets = lines.filter((line) => /\b(?:socket|socketpair)\(/.test(line));
    expect(sockets.filter((line) => !/\((?:AF_INET|AF_UNIX),/.test(line))).toEqual([]);
    const inet = lines.filter((line) => /\b(?:bind|connect)\(.*AF_INET/.test(line));
    expect(inet).toHaveLength(2);
    expect(inet.filter((line) => !/bind\(.*inet_addr\("127\.0\.0\.1"\)/.test(line))).toEqual([]);
    expect(lines.filter((line) => /\bmemfd_create\(/.test(line))).toEqual([]);

    // The log of the case is all that is written, and it is encrypted.
    const written = lines.flatMap((line) => /open(?:at)?\(.*?"([^"]+)".*O_(?:WRONLY|RDWR|CREAT)/.exec(line)?.[1] ?? []);
    const elsewhere = written.filter((path) => !path.startsWith(drop.keys) && !path.startsWith('/dev/'));
    expect(elsewhere).toEqual([]);
    expect(written.length).toBeGreaterThan(0);
    for (const name of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!name.isFile() || name.name === 'trace') continue;
      expect((await readFile(join(name.parentPath, name.name))).includes(CANARY), name.name).toBe(false);
    }
  } finally {
    await remove();
  }
});
