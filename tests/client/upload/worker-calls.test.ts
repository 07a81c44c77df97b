/** Calls over a worker's border, here a MessageChannel: order, transfer, problems, the end. */
import { expect, test } from 'vitest';
import { createCalls, serveCalls } from '../../../client/upload/worker-calls.ts';
import { Problem } from '../../../shared/problem/problem.ts';

function connect(handle: Parameters<typeof serveCalls<number>>[1]) {
  const { port1, port2 } = new MessageChannel();
  serveCalls(port2, handle);
  const calls = createCalls(port1);
  return { ...calls, close: () => port1.close() };
}

test('answers come in the order of the questions, however long each takes', async () => {
  const { call, close } = connect(async (wait) => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    return { value: wait, transfer: [] };
  });
  expect(await Promise.all([call(20, []), call(1, []), call(10, [])])).toEqual([20, 1, 10]);
  close();
});

test('bytes change hands both ways', async () => {
  const { port1, port2 } = new MessageChannel();
  serveCalls<Uint8Array<ArrayBuffer>>(port2, (bytes) => {
    bytes[0] = 9;
    return Promise.resolve({ value: bytes, transfer: [bytes.buffer] });
  });
  const { call } = createCalls(port1);
  const bytes = new Uint8Array(100);
  const back = await call<Uint8Array>(bytes, [bytes.buffer]);
  expect([bytes.length, back.length, back[0]]).toEqual([0, 100, 9]);
  port1.close();
});

test('a problem keeps its code; anything else is internal; the worker goes on', async () => {
  const { call, close } = connect((what) => {
    if (what === 1) throw new Problem('part-damaged', { part: 1 });
    if (what === 2) throw new TypeError('secret');
    return Promise.resolve({ value: what, transfer: [] });
  });
  await expect(call(1, [])).rejects.toMatchObject({ code: 'part-damaged' });
  await expect(call(2, [])).rejects.toMatchObject({ code: 'internal' });
  expect(await call(3, [])).toBe(3);
  close();
});

test('a worker that breaks ends all calls', async () => {
  const { call, fail, close } = connect(() => new Promise(() => undefined));
  const pending = [call(1, []), call(2, [])];
  fail();
  for (const one of pending) await expect(one).rejects.toMatchObject({ code: 'internal' });
  await expect(call(3, [])).rejects.toMatchObject({ code: 'internal' });
  close();
});
