/** The desk's viewer in a real browser: both its processes over a bundle, the built page, and a person who opens entries of its lists. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildViewer } from '../../deploy/viewer.mjs';
import { startViewer } from '../desk/viewer/viewer.ts';
import type { RunningViewer } from '../desk/viewer/viewer.ts';
import type { Page } from './browser.ts';
import type { Drop } from './make-parcel.ts';
import { until } from './waiting.ts';

const DIST = fileURLToPath(new URL('../../desk/viewer-dist', import.meta.url));

/** Builds the page where need be, and starts `desk open` over the bundle. */
export function openBundle(drop: Drop, exchange?: string): Promise<RunningViewer> {
  buildViewer();
  const more = exchange === undefined ? [] : ['--exchange', exchange];
  return startViewer([drop.bundle, '--keys', drop.keys, ...more], DIST);
}

const FIND_ENTRY = `(pattern) => [...document.querySelectorAll('[role=option]')]
  .find((each) => each.offsetParent !== null && new RegExp(pattern).test(each.textContent))`;

/** Opens the entry of a list whose text matches. */
export async function openEntry(page: Page, pattern: string): Promise<void> {
  const find = `(${FIND_ENTRY})(${JSON.stringify(pattern)})`;
  await until(`an entry ${pattern}`, 20_000, () => page.evaluate<boolean>(`${find} !== undefined`));
  await page.evaluate(`${find}.click()`);
}

/** What the page looks like now, as a PNG. */
export async function picture(page: Page): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-picture-'));
  const path = `${folder}/page.png` as const;
  try {
    await page.screenshot(path);
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
