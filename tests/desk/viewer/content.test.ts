/** Files as the viewer serves them: any range of them, only proved bytes, and only to elements of the page. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FilePage, FileView } from '../../../desk/viewer/api.ts';
import { makeDrop } from '../../kit/make-parcel.ts';
import type { MadeParcel } from '../../kit/make-parcel.ts';
import { scratch } from '../desk.ts';
import { makeSource, send } from '../source.ts';
import { ask } from './raw-http.ts';
import { enter, makePage, startViewer } from './viewer.ts';
import type { PageClient, RunningViewer } from './viewer.ts';

let viewer: RunningViewer;
let client: PageClient;
let remove: () => Promise<void>;
let clip: FileView;
let parcel: MadeParcel;
let damaged: MadeParcel;
let files: readonly FileView[];

const CLIP = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom', 'latin1'), randomBytes(3_300_000)]);
const HTML = '<!doctype html><script>top.location="http://evil.example"</script>';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';

const filesOf = async (id: string): Promise<readonly FileView[]> => {
  for (;;) {
    const page = await client.json<FilePage>(`/api/parcels/${id}/files`);
    if (page.reading === null) return page.files;
  }
};
const asVideo = () => ({ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'video' });
const asPage = () => ({
  'sec-fetch-site': 'same-site',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  origin: viewer.origin,
});

beforeAll(async () => {
  const place = await scratch();
  remove = place.remove;
  const drop = await makeDrop(place.folder);
  const source = await makeSource();
  const sent = [
    { path: 'clip.mp4', content: CLIP },
    { path: 'page.html', content: Buffer.from(HTML) },
    { path: 'drawing.txt', content: Buffer.from(SVG) },
    { path: 'empty', content: Buffer.alloc(0) },
  ];
  parcel = await send(drop, source, { files: sent });
  damaged = await send(drop, source, { files: sent });
  const bad = await readFile(damaged.path(2));
  bad[bad.length - 1_000]! ^= 1;
  await writeFile(damaged.path(2), bad);
  const page = await makePage(place.folder);
  viewer = await startViewer([drop.bundle, '--keys', drop.keys], page);
  client = await enter(viewer);
  files = await filesOf(parcel.parcel);
  clip = files[0]!;
});

afterAll(async () => {
  viewer.interrupt();
  await viewer.ended;
  await remove();
});

test('the files are listed in the order of the archive, each by its own first bytes', () => {
  expect(files.map(({ index, path, size, kind, type, whole }) => [index, path, size, kind, type, whole])).toEqual([
    [0, 'clip.mp4', CLIP.length, 'video', 'video/mp4', true],
    [1, 'page.html', HTML.length, 'text', 'text/plain', true],
    [2, 'drawing.txt', SVG.length, 'image', 'image/svg+xml', true],
    [3, 'empty', 0, 'text', 'text/plain', true],
  ]);
});

test('the list can be searched by name, without regard to case', async () => {
  const found = await client.json<FilePage>(`/api/parcels/${parcel.parcel}/files?search=PAGE`);
  expect(found.files.map(({ path }) => path)).toEqual(['page.html']);
  expect([found.total, found.next, found.reading, found.cut]).toEqual([1, null, null, null]);
});

describe('ranges', () => {
  test('any range equals the slice of the file', async () => {
    const offset = fc.integer({ min: 0, max: CLIP.length - 1 });
    await fc.assert(
      fc.asyncProperty(offset, fc.oneof(offset, fc.integer({ min: 0, max: 200_000 })), async (from, length) => {
        const range = `bytes=${from}-${from + length}`;
        const { status, headers, body } = await ask(clip.href, { headers: { ...asVideo(), range } });
        const to = Math.min(CLIP.length, from + length + 1);
        expect(status).toBe(206);
        expect(headers['content-range']).toBe(`bytes ${from}-${to - 1}/${CLIP.length}`);
        expect(body.equals(CLIP.subarray(from, to))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test.for<[string, string | undefined, number, number, number]>([
    ['bytes=0-0', undefined, 206, 0, 1],
    ['bytes=10-', undefined, 206, 10, CLIP.length],
    ['bytes=-10', undefined, 206, CLIP.length - 10, CLIP.length],
    ['bytes=-99999999', undefined, 206, 0, CLIP.length],
    ['bytes=5-99999999', undefined, 206, 5, CLIP.length],
    [`bytes=${CLIP.length}-`, undefined, 416, 0, 0],
    ['bytes=-0', undefined, 416, 0, 0],
    ['bytes=5-4', undefined, 200, 0, CLIP.length],
    ['bytes=0-1,4-5', undefined, 200, 0, CLIP.length],
    ['bytes=a-b', undefined, 200, 0, CLIP.length],
    ['lines=0-1', undefined, 200, 0, CLIP.length],
    ['bytes=0-1', '"another"', 200, 0, CLIP.length],
    ['bytes=0-1', 'Tue, 24 Nov 2026 00:00:00 GMT', 200, 0, CLIP.length],
    ['bytes=0-1', '*', 206, 0, 2],
  ])('%s with If-Range %s is answered with %i', async ([range, ifRange, status, from, to]) => {
    const etag = (await ask(clip.href, { method: 'HEAD', headers: asVideo() })).headers.etag!;
    const condition = ifRange === undefined ? {} : { 'if-range': ifRange === '*' ? etag : ifRange };
    const { body, ...answer } = await ask(clip.href, { headers: { ...asVideo(), range, ...condition } });
    expect(answer.status).toBe(status);
    expect(body.equals(CLIP.subarray(from, to))).toBe(true);
    if (status === 416) expect(answer.headers['content-range']).toBe(`bytes */${CLIP.length}`);
  });

  test('HEAD tells the size and knows no ranges', async () => {
    const headers = { ...asVideo(), range: 'bytes=0-1' };
    const { status, headers: told, body } = await ask(clip.href, { method: 'HEAD', headers });
    expect([status, told['content-length'], told['accept-ranges'], body.length]).toEqual([
      200,
      String(CLIP.length),
      'bytes',
      0,
    ]);
  });

  test('an empty file has no ranges', async () => {
    const headers = { ...asPage(), range: 'bytes=0-' };
    expect((await ask(files[3]!.href, { headers })).status).toBe(416);
    expect((await ask(files[3]!.href, { headers: asPage() })).status).toBe(200);
  });
});

test('what a source sent carries the policy under which it can do nothing', async () => {
  const { headers, body } = await ask(files[1]!.href, { headers: asPage() });
  expect(body.toString()).toBe(HTML);
  expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(headers['content-security-policy']).toBe(
    "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['access-control-allow-origin']).toBe(viewer.origin);
  expect(headers['set-cookie']).toBeUndefined();
});

describe('who is given a file', () => {
  test.for<[string, number, Record<string, string>]>([
    ['clip.mp4', 200, {}],
    ['clip.mp4', 403, { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' }],
    ['clip.mp4', 403, { 'sec-fetch-dest': 'document' }],
    ['clip.mp4', 403, { 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' }],
    ['clip.mp4', 403, { 'sec-fetch-dest': 'object' }],
    ['clip.mp4', 403, { 'sec-fetch-dest': 'script' }],
    ['clip.mp4', 403, { 'sec-fetch-dest': 'image' }],
    ['clip.mp4', 403, { 'sec-fetch-dest': 'empty' }],
    ['clip.mp4', 403, { 'sec-fetch-dest': 'constructor' }],
    ['clip.mp4', 403, { 'sec-fetch-site': 'cross-site' }],
    ['clip.mp4', 403, { 'sec-fetch-site': 'none' }],
    ['clip.mp4', 403, { origin: 'http://evil.example' }],
    ['clip.mp4', 421, { host: 'evil.example' }],
    ['page.html', 403, { 'sec-fetch-dest': 'style' }],
    ['page.html', 403, {}],
    ['drawing.txt', 200, { 'sec-fetch-dest': 'image' }],
    ['drawing.txt', 403, { 'sec-fetch-dest': 'embed' }],
  ])('%s: %i for %o', async ([path, status, headers]) => {
    const { href } = files.find((file) => file.path === path)!;
    expect((await ask(href, { headers: { ...asVideo(), ...headers } })).status).toBe(status);
  });

  test('nothing without what a browser says about a request', async () => {
    expect((await ask(clip.href)).status).toBe(403);
    expect((await ask(clip.href, { method: 'POST', headers: asVideo() })).status).toBe(405);
  });

  test('an address is of one file, and cannot be made from that of another', async () => {
    const other = new URL(files[1]!.href);
    other.pathname = new URL(clip.href).pathname.replace(/\/0\//, '/1/');
    expect((await ask(other.href, { headers: asPage() })).status).toBe(404);
    expect((await ask(new URL('/', clip.href).href, { headers: asPage() })).status).toBe(404);
  });
});

test('of a part that is not as its source signed it, no byte is shown', async () => {
  const [file] = await filesOf(damaged.parcel);
  const first = 2 * damaged.partSize;
  const get = (range: string) => ask(file!.href, { headers: { ...asVideo(), range } });
  expect((await get(`bytes=${first}-${first + 10}`)).status).toBe(404);
  expect((await get('bytes=0-10')).body.equals(CLIP.subarray(0, 11))).toBe(true);
  await expect(get('bytes=0-')).rejects.toThrow('aborted');
  expect((await filesOf(damaged.parcel))[0]!.whole).toBe(false);
});
