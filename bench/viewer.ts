/** The viewer over a large parcel: how soon the first byte of a random place comes, how soon 5,000 files are listed, and how much memory both processes take. */
import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import type { FilePage } from '../desk/viewer/api.ts';
import { enter } from '../tests/desk/viewer/viewer.ts';
import { makeSource, send } from '../tests/desk/source.ts';
import { makeDrop } from '../tests/kit/make-parcel.ts';
import { memoryOf, processesBelow } from '../tests/kit/memory.ts';
import { randomLooking } from '../tests/kit/footage.ts';
import { makeBigParcel } from './big-parcel.ts';

const SEEKS = 100;

/** Options: `--size BYTES` (default 2e9) and `--folder DIR`, which needs that much room. */
export async function viewer(args: readonly string[]): Promise<void> {
  const option = (name: string) => args[args.indexOf(name) + 1];
  const size = args.includes('--size') ? Number(option('--size')) : 2e9;
  const folder = (args.includes('--folder') ? option('--folder') : undefined) ?? 'data/bench';
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'viewer-'));
  try {
    const drop = await makeDrop(work, 'hybrid');
    const big = await makeBigParcel(drop, size);
    const files = Array.from({ length: 5_000 }, (_, i) => ({ path: `f/${i}.jpg`, content: randomLooking(2_000, i) }));
    const small = await send(drop, await makeSource(), { files });
    const main = new URL('../desk/main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main, 'open', drop.bundle, '--keys', drop.keys], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const address = await new Promise<string>((resolve) => {
      child.stderr.on('data', (text: Buffer) => {
        const found = /http:\/\/127\S+/.exec(text.toString())?.[0];
        if (found !== undefined) resolve(found);
      });
    });
    const [origin = '', token = ''] = address.split('/#');
    const client = await enter({ origin, token });
    const start = performance.now();
    let listed = 0;
    for (let page: FilePage | null = null; page === null || page.reading !== null || page.next !== null;) {
      const after: number = page?.next ?? -1;
      page = await client.json<FilePage>(`/api/parcels/${small.parcel}/files?after=${after}`);
      listed = page.total;
    }
    console.log(`${listed} files listed: ${Math.round(performance.now() - start)} ms`);
    const { files: found } = await client.json<FilePage>(`/api/parcels/${big.parcel}/files`);
    const href = found[0]!.href;
    const times: number[] = [];
    for (let i = 0; i < SEEKS; i++) times.push(await firstByte(href, origin, randomInt(size)));
    const sorted = times.toSorted((a, b) => a - b);
    console.log(`first byte of a seek: median ${sorted[49]!.toFixed(0)} ms, p95 ${sorted[94]!.toFixed(0)} ms`);
    const pids = [child.pid!, ...processesBelow(child.pid!).map(({ pid }) => pid)];
    const peaks = pids.map((pid) => (memoryOf(pid)?.peak ?? 0) / 1e6);
    console.log(`most memory: ${peaks.map((peak) => `${peak.toFixed(0)} MB`).join(' + ')}`);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Milliseconds until the first byte; the rest is not waited for, as a browser that seeks on does not. */
function firstByte(href: string, origin: string, from: number): Promise<number> {
  const start = performance.now();
  const headers = {
    'sec-fetch-site': 'same-site',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
    origin,
    range: `bytes=${from}-`,
  };
  return new Promise((resolve, reject) => {
    const call = request(href, { headers, agent: false }, (response) => {
      response.once('data', () => {
        resolve(performance.now() - start);
        call.destroy();
      });
      if (response.statusCode !== 206) reject(new Error(`status ${response.statusCode}`));
    });
    call.on('error', () => undefined);
    call.end();
  });
}
