/** One file through the whole of Postern, and through plain tus-js-client to @tus/server with its file store, turn by turn. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { en } from '../client/locales/en.ts';
import type { Browser, BrowserName } from '../tests/kit/browser.ts';
import { startBrowser } from '../tests/kit/browsers.ts';
import type { Drop } from '../tests/kit/drop.ts';
import { choose, openDrop, takeCodename } from '../tests/kit/journey.ts';
import { startNode } from '../tests/kit/programs.ts';
import type { Running } from '../tests/kit/programs.ts';
import { until } from '../tests/kit/waiting.ts';

/** Milliseconds. `preparing` is the part of `all` before the first byte: deriving keys from the codename and opening the parcel. */
export interface OurTime {
  readonly all: number;
  readonly preparing: number;
}

const LIMIT_MS = 3_600_000;

/** Sends the file by our page and gives the time from “Send now” to the verified receipt. */
export async function sendOurs(name: BrowserName, drop: Drop, file: string): Promise<OurTime> {
  await using browser = await startBrowser(name);
  const { page } = browser;
  await openDrop(page, drop.source);
  await choose(page, { files: [file] });
  await takeCodename(page);
  await page.evaluate(`(() => {
    const sayings = ${JSON.stringify([en['upload.phase-preparing'], en['received.title'], en['upload.title-refused']])};
    const says = (text) => [...document.querySelectorAll('h1, .lead')].some((each) => each.textContent === text);
    const button = [...document.querySelectorAll('button')].find(
      (each) => each.textContent === ${JSON.stringify(en['confirm.send'])});
    const start = performance.now();
    button.click();
    const timer = setInterval(() => {
      const now = performance.now();
      globalThis.preparing ??= document.querySelector('progress') && !says(sayings[0]) ? now - start : undefined;
      if (!says(sayings[1]) && !says(sayings[2])) return;
      clearInterval(timer);
      globalThis.time = says(sayings[1]) ? { all: now - start, preparing: globalThis.preparing ?? 0 } : 'refused';
    }, 5);
  })()`);
  const time = await until('the receipt', LIMIT_MS, () =>
    page.evaluate<OurTime | string | null>('globalThis.time ?? null'),
  );
  if (typeof time === 'string') throw new Error(await page.text());
  return time;
}

/** A running yardstick. */
export interface Plain extends AsyncDisposable {
  readonly address: string;
  /** Sends the file and gives the milliseconds from start to success. The stored file is deleted afterwards. */
  send(name: BrowserName, file: string): Promise<number>;
}

/** Starts the yardstick's server over `folder`, with the pages of `pages`. */
export async function startPlain(folder: string, pages: string): Promise<Plain> {
  await mkdir(folder, { recursive: true });
  const server: Running = startNode('bench/plain-server.ts', [folder, pages]);
  const port = await until('the yardstick listens', 20_000, () => /^listening (\d+)$/m.exec(server.out())?.[1]);
  const address = `http://127.0.0.1:${port}/`;
  return {
    address,
    async send(name, file) {
      await using browser: Browser = await startBrowser(name);
      await browser.page.goto(address);
      await browser.page.setFiles('#file', [file]);
      const text = await browser.page.waitForText(/took [\d.]+ ms|failed/, LIMIT_MS);
      for (const stored of await readdir(folder)) await rm(join(folder, stored));
      const ms = Number(/took ([\d.]+) ms/.exec(text)?.[1]);
      if (Number.isNaN(ms)) throw new Error(text);
      return ms;
    },
    async [Symbol.asyncDispose]() {
      await server.kill();
    },
  };
}
