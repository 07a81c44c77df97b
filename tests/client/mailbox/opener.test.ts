/** Replies opened across a worker's border, and workers that do not come, break, or are let go. */
import { expect, test } from 'vitest';
import { createOpener } from '../../../client/mailbox/opener.ts';
import type { OpenWorker } from '../../../client/mailbox/opener.ts';
import type { OpenRequest } from '../../../client/mailbox/open-worker.ts';
import { serveCalls } from '../../../client/upload/worker-calls.ts';
import { Problem } from '../../../shared/problem/problem.ts';

const FACTS = { parcel: 'ab'.repeat(16), partSize: 1_048_576, size: 20_000, sender: 'A'.repeat(43), identity: 'x' };

/** A worker in this process that answers with `answer`, and breaks when told. */
function fakeWorker(answer: (request: OpenRequest) => unknown) {
  const { port1, port2 } = new MessageChannel();
  serveCalls<OpenRequest>(port2, (request) => Promise.resolve({ value: answer(request), transfer: [] }));
  const listeners: (() => void)[] = [];
  const state = { terminated: false };
  const worker: OpenWorker = {
    get onmessage() {
      return port1.onmessage;
    },
    set onmessage(listener) {
      port1.onmessage = listener;
    },
    postMessage: (message, transfer) => port1.postMessage(message, transfer),
    addEventListener: (_, listener) => void listeners.push(listener),
    terminate() {
      state.terminated = true;
      port1.close();
    },
  };
  const breakDown = () => {
    for (const listener of listeners) listener();
  };
  return { worker, state, breakDown };
}

test('one worker opens all replies, each with its own reader', async () => {
  const seen: OpenRequest[] = [];
  let started = 0;
  const fake = fakeWorker((request) => {
    seen.push(request);
    return request.kind === 'piece' ? null : { kind: 'want', part: 7 };
  });
  const opener = createOpener({ start: () => (++started, fake.worker), rest: () => Promise.resolve() });
  const [first, second] = [await opener.startReader(FACTS), await opener.startReader(FACTS)];
  const file = new Uint8Array(10);
  expect(await second.take(0, file)).toEqual({ kind: 'want', part: 7 });
  expect(file.length).toBe(0);
  expect(await first.piece(3, 4, null)).toBeNull();
  expect([started, seen.map(({ kind, reply }) => [kind, reply])]).toEqual([
    1,
    [
      ['begin', 1],
      ['begin', 2],
      ['take', 2],
      ['piece', 1],
    ],
  ]);
  opener.end();
  expect(fake.state.terminated).toBe(true);
});

test('a worker that does not come is tried again, a few times', async () => {
  const rests: number[] = [];
  const rest = (attempts: number) => Promise.resolve(void rests.push(attempts));
  let starts = 0;
  const start = (): OpenWorker => {
    starts += 1;
    const fake = fakeWorker(() => null);
    if (starts < 4) queueMicrotask(fake.breakDown);
    return fake.worker;
  };
  const opener = createOpener({ start, rest });
  await opener.startReader(FACTS);
  expect([starts, rests]).toEqual([4, [1, 2, 3]]);
  opener.end();

  const never = createOpener({
    start: () =>
      fakeWorker(() => {
        throw new Problem('internal');
      }).worker,
    rest,
  });
  await expect(never.startReader(FACTS)).rejects.toMatchObject({ code: 'internal' });
  expect(rests).toEqual([1, 2, 3, 1, 2, 3, 4, 5]);
});

test('what was asked of a worker that breaks is a problem; after the end it is an abort', async () => {
  const silent = fakeWorker(() => null);
  const opener = createOpener({ start: () => silent.worker, rest: () => Promise.resolve() });
  const reader = await opener.startReader(FACTS);
  const asked = reader.piece(0, 0, null);
  silent.breakDown();
  await expect(asked).rejects.toMatchObject({ code: 'internal' });
  opener.end();
  await expect(reader.piece(0, 0, null)).rejects.toMatchObject({ name: 'AbortError' });
  await expect(opener.startReader(FACTS)).rejects.toMatchObject({ name: 'AbortError' });
});
