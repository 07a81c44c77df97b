/** Requests over XMLHttpRequest: answers, breaks, stalls, and what the page aborts. */
import { expect, test } from 'vitest';
import type { HttpRequest } from '../../../client/upload/transport.ts';
import { createXhrTransport } from '../../../client/upload/xhr-transport.ts';

/** As much of an XMLHttpRequest as is used; tests drive it by its events. */
class FakeXhr extends EventTarget {
  static latest: FakeXhr;
  readonly upload = new EventTarget();
  readonly sent: unknown[] = [];
  readonly headers: string[][] = [];
  status = 204;
  responseText = 'text';
  responseType = '';
  response = new ArrayBuffer(0);
  opened: unknown[] = [];
  constructor() {
    super();
    FakeXhr.latest = this;
  }
  open(...args: unknown[]): void {
    this.opened = args;
  }
  setRequestHeader(...header: string[]): void {
    this.headers.push(header);
  }
  readonly answered: Record<string, string> = { 'upload-offset': '7' };
  getResponseHeader(name: string): string | null {
    return this.answered[name] ?? null;
  }
  send(body: unknown): void {
    this.sent.push(body);
  }
  abort(): void {
    this.dispatchEvent(new Event('abort'));
  }
}

const STALL = 60;
const transport = createXhrTransport(FakeXhr as unknown as new () => XMLHttpRequest, STALL);
const request = (change: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'PATCH',
  path: '/x',
  headers: { a: 'b' },
  body: Uint8Array.of(1, 2),
  signal: new AbortController().signal,
  ...change,
});
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('an answer comes with its status, text and headers', async () => {
  const pending = transport(request());
  const xhr = FakeXhr.latest;
  expect([xhr.opened, xhr.headers, xhr.sent]).toEqual([['PATCH', '/x'], [['a', 'b']], [Uint8Array.of(1, 2)]]);
  xhr.dispatchEvent(new Event('load'));
  const answer = await pending;
  expect([answer?.status, answer?.text, answer?.header('upload-offset')]).toEqual([204, 'text', '7']);
});

test('an error, an abort by the page and a request that comes too late have no answer', async () => {
  const broken = transport(request());
  FakeXhr.latest.dispatchEvent(new Event('error'));
  expect(await broken).toBeNull();
  const controller = new AbortController();
  const aborted = transport(request({ signal: controller.signal }));
  controller.abort();
  expect(await aborted).toBeNull();
  expect(await transport(request({ signal: AbortSignal.abort() }))).toBeNull();
});

test('a request is given up when nothing moves, and only then', async () => {
  const pending = transport(request());
  const xhr = FakeXhr.latest;
  let ended = false;
  void pending.then(() => (ended = true));
  for (let i = 0; i < 4; i++) {
    await sleep(STALL / 2);
    xhr.upload.dispatchEvent(new Event('progress'));
  }
  expect(ended).toBe(false);
  expect(await pending).toBeNull();
});

/** Word of so many bytes that came. */
function cameBytes(loaded: number, total = 0): Event {
  return Object.assign(new Event('progress'), { loaded, total, lengthComputable: total > 0 });
}

test('bytes come as bytes, and a problem as text all the same', async () => {
  const pending = transport(request({ method: 'GET', binary: true }));
  const xhr = FakeXhr.latest;
  expect(xhr.responseType).toBe('arraybuffer');
  xhr.status = 200;
  xhr.response = Uint8Array.of(1, 2, 3).buffer;
  xhr.dispatchEvent(new Event('load'));
  expect(await pending).toMatchObject({ status: 200, text: '', bytes: Uint8Array.of(1, 2, 3) });

  const refused = transport(request({ method: 'GET', binary: true }));
  FakeXhr.latest.status = 404;
  FakeXhr.latest.response = new TextEncoder().encode('{"code":"not-found"}').buffer;
  FakeXhr.latest.dispatchEvent(new Event('load'));
  const answer = await refused;
  expect([answer?.status, answer?.text, answer?.bytes]).toEqual([404, '{"code":"not-found"}', undefined]);
});

test('an answer that is longer than it may be is broken off, and comes without its body', async () => {
  for (const word of [cameBytes(11), cameBytes(1, 11)]) {
    const pending = transport(request({ binary: true, most: 10 }));
    const xhr = FakeXhr.latest;
    let aborted = false;
    xhr.addEventListener('abort', () => (aborted = true));
    xhr.status = 200;
    xhr.dispatchEvent(cameBytes(10));
    xhr.dispatchEvent(word);
    const answer = await pending;
    expect([answer?.status, answer?.text, answer?.bytes, aborted]).toEqual([200, '', undefined, true]);
  }
  const unpacked = transport(request({ most: 3 }));
  FakeXhr.latest.dispatchEvent(new Event('load'));
  expect((await unpacked)?.text).toBe('');
});

test('what is packed and grows when it is unpacked is broken off too: a browser may count only what came', async () => {
  const text = transport(request({ most: 10 }));
  FakeXhr.latest.responseText = 'x'.repeat(11);
  FakeXhr.latest.dispatchEvent(cameBytes(1));
  expect(await text).toMatchObject({ text: '' });

  // Of bytes nothing can be seen before the end; and nobody packs what is encrypted.
  const bytes = transport(request({ binary: true, most: 10 }));
  const xhr = FakeXhr.latest;
  let aborted = false;
  xhr.addEventListener('abort', () => (aborted = true));
  xhr.status = 200;
  xhr.dispatchEvent(new Event('readystatechange'));
  expect(aborted).toBe(false);
  xhr.answered['content-encoding'] = 'gzip';
  xhr.dispatchEvent(new Event('readystatechange'));
  const answer = await bytes;
  expect([answer?.status, answer?.text, answer?.bytes, aborted]).toEqual([200, '', undefined, true]);
});
