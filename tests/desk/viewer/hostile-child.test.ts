/** The process that serves content, taken over: what it says beyond the closed set ends it, and it can do nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { talkTo } from '../../../desk/viewer-server/hostile-child.ts';
import type { Handlers } from '../../../desk/viewer-server/hostile-child.ts';
import { readQuestion } from '../../../desk/viewer-server/messages.ts';
import { startChild } from '../../../desk/self.ts';
import { scratch } from '../desk.ts';

const START = {
  kind: 'start',
  bundle: '/nowhere',
  parcels: [],
  receiptKeys: [],
  port: 0,
  token: 'x',
  lock: 0,
  page: null,
  start: {
    organisation: '',
    demo: false,
    bundle: '',
    today: '',
    clock: null,
    findings: [],
    canReply: false,
    whyNot: null,
    exchange: null,
  },
} as const;

const nothing = new Proxy({}, { get: () => () => Promise.resolve(null) }) as Handlers;

/** A process that says `code` what a real one would not. */
function impostor(code: string) {
  const child = spawn(process.execPath, ['-e', code], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  return talkTo(child, START, nothing);
}

const parcel = '1'.repeat(32);

describe('messages', () => {
  test.for<[unknown]>([
    [null],
    ['close'],
    [{ id: 0, ask: { kind: 'close' } }],
    [{ id: 1.5, ask: { kind: 'close' } }],
    [{ id: 1, ask: { kind: 'close', more: 1 } }],
    [{ id: 1, ask: { kind: 'close' }, more: 1 }],
    [{ id: 1, ask: { kind: 'constructor' } }],
    [{ id: 1, ask: { kind: '__proto__' } }],
    [{ id: 1, ask: { kind: 'idle', minutes: 1 } }],
    [{ id: 1, ask: { kind: 'ready', page: 0, content: 80 } }],
    [{ id: 1, ask: { kind: 'part-key', start: 'AGE' } }],
    [{ id: 1, ask: { kind: 'part-key', start: new Uint8Array(65_553) } }],
    [{ id: 1, ask: { kind: 'marks', parcels: ['../keys'] } }],
    [{ id: 1, ask: { kind: 'marks', parcels: Array.from({ length: 501 }, () => parcel) } }],
    [{ id: 1, ask: { kind: 'viewed', parcel, path: 'x'.repeat(3_841) } }],
    [{ id: 1, ask: { kind: 'extract', parcel, out: 'a\0b', files: null } }],
    [{ id: 1, ask: { kind: 'extract', parcel, out: '/x', files: [1] } }],
    [{ id: 1, ask: { kind: 'extract', parcel: `${parcel}/..`, out: '/x', files: null } }],
    [{ id: 1, ask: { kind: 'reply', parcel, message: 'x'.repeat(1_048_577), attachments: [] } }],
    [{ id: 1, ask: { kind: 'job', job: '1e9' } }],
    // No 32 bytes are written so: what reads them would take it for a mistake of ours.
    [{ id: 1, ask: { kind: 'replies', mailbox: 'B'.repeat(43) } }],
    [JSON.parse('{ "id": 1, "ask": { "kind": "close", "__proto__": {} } }')],
  ])('%o is none of the closed set', ([message]) => {
    expect(readQuestion(message)).toBeNull();
  });

  test('one that is not of the set ends the process', async () => {
    const { ended } = impostor(
      'process.send({ id: 1, ask: { kind: "give-me", what: "identities" } }); setInterval(() => 0, 1e6)',
    );
    expect(await ended).toBe('hostile');
  });

  test('a socket that is handed over ends the process', async () => {
    const { ended } = impostor(
      'const s = require("net").createServer().listen(0, "127.0.0.1", () => process.send({ id: 1, ask: { kind: "close" } }, s)); setInterval(() => 0, 1e6)',
    );
    expect(await ended).toBe('hostile');
  });

  test('one that dies is not taken for one that was ended', async () => {
    const { ended } = impostor('process.exit(0)');
    expect(await ended).toBe('died');
  });
});

test('the process itself has no environment, and ends with the one that started it', async () => {
  const { folder, remove } = await scratch();
  const child = startChild('content-process', [folder]);
  expect(child.spawnargs).toContain('--permission');
  expect(child.spawnargs.filter((word) => /allow-(?:fs-write|child-process|worker|addons|wasi)/.test(word))).toEqual(
    [],
  );
  const exit = once(child, 'exit');
  child.disconnect();
  expect(await exit).toEqual([0, null]);
  await remove();
});
