/** The viewer over large films: how soon the first byte of a random place and a whole index come, whether the right frames do, how soon 5,000 files are listed, and the memory. */
import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { buildViewer } from '../deploy/viewer.mjs';
import type { FilePage } from '../desk/viewer/api.ts';
import { enter } from '../tests/desk/viewer/viewer.ts';
import { makeSource, send } from '../tests/desk/source.ts';
import { makeDrop } from '../tests/kit/make-parcel.ts';
import { memoryOf, processesBelow, shareOf } from '../tests/kit/memory.ts';
import { randomLooking } from '../tests/kit/footage.ts';
import { makeFilm, showsFrame } from './film.ts';
import { chapterHead, writeChapter } from './page.ts';

const SEEKS = 100;
const FRAMES = 10;
/** The WebM is so much smaller than the MP4. */
const SMALLER = 10;

/** Options: `--size BYTES` of the MP4 (default 2e9), `--folder DIR`, which needs twice that much room, and `--write` for a chapter of docs/benchmarks.md. */
export async function viewer(args: readonly string[]): Promise<void> {
  const report = [...chapterHead('The viewer', 'viewer', args), ''];
  const say = (line: string): void => {
    report.push(`- ${line}`);
    console.log(line);
  };
  const option = (name: string) => args[args.indexOf(name) + 1];
  const size = args.includes('--size') ? Number(option('--size')) : 2e9;
  const folder = (args.includes('--folder') ? option('--folder') : undefined) ?? 'data/bench';
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'viewer-'));
  let child: ReturnType<typeof spawn> | null = null;
  try {
    buildViewer();
    const drop = await makeDrop(work, 'hybrid');
    const films = [await makeFilm(drop, work, 'mp4', size), await makeFilm(drop, work, 'webm', size / SMALLER)];
    const files = Array.from({ length: 5_000 }, (_, i) => ({ path: `f/${i}.jpg`, content: randomLooking(2_000, i) }));
    const small = await send(drop, await makeSource(), { files });
    const main = new URL('../desk/main.ts', import.meta.url).pathname;
    const desk = spawn(process.execPath, [main, 'open', drop.bundle, '--keys', drop.keys], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = desk;
    const address = await new Promise<string>((resolve, reject) => {
      desk.once('exit', () => reject(new Error('the viewer ended')));
      desk.stderr.on('data', (text: Buffer) => {
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
    say(`${listed} files listed: ${Math.round(performance.now() - start)} ms`);
    for (const film of films) {
      const { files: found } = await client.json<FilePage>(`/api/parcels/${film.parcel.parcel}/files`);
      const { href, type } = found[0]!;
      say(`${type}, ${(film.size / 1e9).toFixed(2)} GB, ${film.frames} frames`);
      if (type === 'video/mp4') say(await indexTimes(href, origin, film.size));
      const times: number[] = [];
      for (let i = 0; i < SEEKS; i++) times.push(await firstByte(href, origin, randomInt(film.size)));
      const sorted = times.toSorted((a, b) => a - b);
      say(`first byte of a seek: median ${sorted[49]!.toFixed(0)} ms, p95 ${sorted[94]!.toFixed(0)} ms`);
      let right = 0;
      for (let i = 0; i < FRAMES; i++)
        if (await showsFrame(href, headersFor(origin), randomInt(film.frames - 2))) right++;
      say(`frames that a seek showed: ${right} of ${FRAMES} as asked for`);
    }
    const pids = [desk.pid!, ...processesBelow(desk.pid!).map(({ pid }) => pid)];
    const told = (name: string, bytes: readonly number[]): void =>
      say(`${name}: ${bytes.map((each) => `${(each / 1e6).toFixed(0)} MB`).join(' + ')}`);
    told(
      'most memory (VmHWM, program pages counted in each)',
      pids.map((pid) => memoryOf(pid)?.peak ?? 0),
    );
    told('memory now (PSS, shared pages counted once)', pids.map(shareOf));
    if (args.includes('--write')) await writeChapter(report);
  } finally {
    if (child !== null && child.exitCode === null) {
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
    }
    await rm(work, { recursive: true, force: true });
  }
}

const headersFor = (origin: string) => ({
  'sec-fetch-site': 'same-site',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  origin,
});

/** As a browser does: the beginning first, then the index, which stands behind the film. */
async function indexTimes(href: string, origin: string, size: number): Promise<string> {
  const start = performance.now();
  const head = await bytesFrom(href, origin, 0, 65_536);
  const first = performance.now() - start;
  let at = 0;
  while (at + 16 <= head.length && head.toString('latin1', at + 4, at + 8) !== 'mdat') at += head.readUInt32BE(at);
  const short = head.readUInt32BE(at);
  const index = at + (short === 1 ? Number(head.readBigUInt64BE(at + 8)) : short);
  const moov = await bytesFrom(href, origin, index, size);
  if (moov.toString('latin1', 4, 8) !== 'moov') throw new Error('no index stands behind the film');
  const whole = performance.now() - start;
  return `first bytes ${first.toFixed(0)} ms, index of ${(moov.length / 1e6).toFixed(1)} MB whole after ${whole.toFixed(0)} ms`;
}

function bytesFrom(href: string, origin: string, from: number, to: number): Promise<Buffer> {
  const headers = { ...headersFor(origin), range: `bytes=${from}-${to - 1}` };
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    request(href, { headers, agent: false }, (response) => {
      response.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => resolve(Buffer.concat(pieces)));
    })
      .on('error', reject)
      .end();
  });
}

/** Milliseconds until the first byte; the rest is not waited for, as a browser that seeks on does not. */
function firstByte(href: string, origin: string, from: number): Promise<number> {
  const start = performance.now();
  const headers = { ...headersFor(origin), range: `bytes=${from}-` };
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
