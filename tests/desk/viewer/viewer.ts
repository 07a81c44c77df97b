/** A viewer that runs: both its processes, and a client that behaves as a browser does. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runDesk } from '../../../desk/run.ts';
import type { RunResult } from '../../../desk/run.ts';
import { silentProgress } from '../../../desk/terminal/progress.ts';
import { ask } from './raw-http.ts';
import type { RawAnswer } from './raw-http.ts';

export interface RunningViewer {
  readonly address: string;
  readonly origin: string;
  readonly token: string;
  /** What was said at the terminal. */
  readonly lines: readonly string[];
  readonly ended: Promise<RunResult>;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Starts `desk open` in this process. */
export async function startViewer(args: readonly string[], page: string): Promise<RunningViewer> {
  const lines: string[] = [];
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  const { promise: ready, resolve } = Promise.withResolvers<string>();
  const ended = runDesk(['open', ...args], {
    now: () => new Date('2026-11-24T10:20:30Z'),
    random: (length) => new Uint8Array(randomBytes(length)),
    progress: silentProgress,
    warn: (line) => {
      lines.push(line);
      const address = /http:\/\/\S+/.exec(line)?.[0];
      if (address !== undefined) resolve(address);
    },
    readInput: () => Promise.resolve(new Uint8Array(0)),
    untilInterrupted: () => interrupted,
    viewerPage: page,
  });
  const address = await Promise.race([ready, ended.then((result) => Promise.reject(new Error(result.stderr)))]);
  const [origin = '', token = ''] = address.split('/#');
  return { address, origin, token, lines, ended, interrupt };
}

/** A folder with the least that a page can be. */
export async function makePage(parent: string): Promise<string> {
  const page = join(parent, 'page');
  await mkdir(page);
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Postern</title>');
  return page;
}

/** The page's own requests, with what a browser adds to them. */
export interface PageClient {
  get(path: string): Promise<RawAnswer>;
  post(path: string, body: unknown): Promise<RawAnswer>;
  remove(path: string): Promise<RawAnswer>;
  json<T>(path: string): Promise<T>;
  readonly cookie: string;
}

export async function enter({ origin, token }: Pick<RunningViewer, 'origin' | 'token'>): Promise<PageClient> {
  const fetched = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
  const changing = { ...fetched, origin, 'x-postern': '1', 'content-type': 'application/json' };
  const session = await ask(`${origin}/api/session`, {
    method: 'POST',
    headers: changing,
    body: JSON.stringify({ token }),
  });
  if (session.status !== 200) throw new Error(`session: ${session.status} ${session.body.toString()}`);
  const cookie = session.headers['set-cookie']![0]!.split(';')[0]!;
  const get = (path: string) => ask(origin + path, { headers: { ...fetched, cookie } });
  return {
    cookie,
    get,
    post: (path, body) =>
      ask(origin + path, { method: 'POST', headers: { ...changing, cookie }, body: JSON.stringify(body) }),
    remove: (path) => ask(origin + path, { method: 'DELETE', headers: { ...changing, cookie } }),
    async json<T>(path: string) {
      const { status, body } = await get(path);
      if (status !== 200) throw new Error(`${path}: ${status} ${body.toString()}`);
      return JSON.parse(body.toString()) as T;
    },
  };
}
