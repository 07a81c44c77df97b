/** What the first screen weighs, that cryptography comes after it, and the fixed headers of every answer. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../client/locales/en.ts';
import { SECURITY_HEADERS } from '../../shared/protocol/csp.ts';
import { BROWSERS, startBrowser } from '../kit/browsers.ts';
import { startDrop } from '../kit/drop.ts';
import type { Drop } from '../kit/drop.ts';
import { until } from '../kit/waiting.ts';

const LIMIT = 100_000;
/** Strings that only age-encryption and the word list bring with them. */
const CRYPTO = ['ML-KEM', 'abdomen abdominal'];

let drop: Drop;

beforeAll(async () => {
  drop = await startDrop();
});
afterAll(() => drop[Symbol.asyncDispose]());

async function contents(addresses: readonly string[]): Promise<Buffer[]> {
  const distinct = [...new Set(addresses)].filter((address) => address.startsWith(drop.source));
  return Promise.all(distinct.map(async (address) => Buffer.from(await (await fetch(address)).arrayBuffer())));
}

describe.each(BROWSERS)('in %s', (name) => {
  test('the first screen is at most 100 kB gzipped and brings no cryptography; that follows', async () => {
    await using browser = await startBrowser(name);
    const { page } = browser;
    await page.goto(drop.source);
    await until('the first screen', 20_000, () => page.has({ role: 'button', name: en['read.begin'] }), 20);
    const first = [...page.requests()];
    expect(first.every((address) => address.startsWith(drop.source))).toBe(true);
    const files = await contents(first);
    const weight = files.reduce((sum, file) => sum + gzipSync(file, { level: 6 }).length, 0);
    const sent = await page.evaluate<number>(`['navigation', 'resource']
      .flatMap((kind) => performance.getEntriesByType(kind)).reduce((sum, each) => sum + each.encodedBodySize, 0)`);
    console.log(`${name}: first screen ${files.length} files, ${weight} bytes gzipped, ${sent} bytes as they came`);
    expect(weight).toBeLessThanOrEqual(LIMIT);
    expect(sent).toBeLessThanOrEqual(LIMIT);
    const has = (found: readonly Buffer[]) => CRYPTO.filter((word) => found.some((file) => file.includes(word)));
    expect(has(files)).toEqual([]);

    await page.click({ role: 'button', name: en['read.begin'] });
    await until('the rest has come', 20_000, async () => has(await contents(page.requests())).length === 2, 500);
    expect(await page.problems()).toEqual([]);
  });
});

test('every answer has the fixed headers, and none that would tell or lead elsewhere', async () => {
  const page = await (await fetch(drop.source)).text();
  const assets = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);
  expect(assets.length).toBeGreaterThan(1);
  const asks: readonly [string, RequestInit?][] = [
    ['/'],
    ...assets.map((path) => [path] as [string]),
    ['/api/card'],
    ['/nothing'],
    ['/api/parcels/00000000000000000000000000000000'],
    ['/api/parcels', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }],
    ['/api/tus', { method: 'OPTIONS', headers: { 'tus-resumable': '1.0.0' } }],
    [
      '/api/parcels/00000000000000000000000000000000/parts/0',
      { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } },
    ],
    ['/%2e%2e/%2e%2e/etc/passwd'],
    ['/%ff'],
  ];
  for (const base of [drop.source, drop.staff]) {
    for (const [path, init] of asks) {
      const { headers } = await fetch(base + path, init);
      const found = Object.fromEntries(Object.keys(SECURITY_HEADERS).map((header) => [header, headers.get(header)]));
      expect(found, `${init?.method ?? 'GET'} ${path}`).toEqual(SECURITY_HEADERS);
      for (const header of ['link', 'refresh', 'set-cookie', 'server', 'x-powered-by', 'access-control-allow-origin']) {
        expect(headers.get(header), `${header} of ${path}`).toBeNull();
      }
    }
  }
});
