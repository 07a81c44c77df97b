/** A second `npm start` on the same data folder or ports is told apart from what a crash or a reboot has left behind. */
import { mkdtempSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimData, noteRunning, noteStopped, whyTaken } from '../../deploy/occupied.mjs';

/** No process has this number: it is above what Linux gives out. */
const NOBODY = 2 ** 22 + 1;

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'postern-occupied-'));
});
afterEach(() => rmSync(data, { recursive: true }));

test('an unused data folder is free', async () => {
  expect(await claimData(data)).toBeNull();
});

test('numbers of processes that are gone, or are somebody else by now, hold nothing', async () => {
  noteRunning(data, { supervisor: NOBODY, server: NOBODY });
  expect(await claimData(data)).toBeNull();
  expect(existsSync(join(data, 'running.json'))).toBe(false);
  noteRunning(data, { supervisor: process.pid, server: process.pid });
  expect(await claimData(data)).toBeNull();
});

test('a damaged note holds nothing', async () => {
  writeFileSync(join(data, 'running.json'), '{"superv');
  expect(await claimData(data)).toBeNull();
  noteStopped(data);
  noteStopped(data);
});

test('a taken port is told from a free one and from an address that is not ours', async () => {
  const other = createServer();
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
  const { port } = other.address() as AddressInfo;
  expect(await whyTaken('127.0.0.1', port)).toBe('EADDRINUSE');
  await new Promise((closed) => other.close(closed));
  expect(await whyTaken('127.0.0.1', port)).toBeNull();
  expect(await whyTaken('192.0.2.1', port)).toBe('EADDRNOTAVAIL');
});
