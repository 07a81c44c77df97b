/** Who holds this data folder and these ports? So that a second start says what is the matter in one sentence. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ supervisor: number, server: number }} Running */

/** @param {string} data */
const file = (data) => join(data, 'running.json');

/** @param {string} data @param {Running} running */
export function noteRunning(data, running) {
  writeFileSync(file(data), JSON.stringify(running));
}

/** @param {string} data */
export function noteStopped(data) {
  rmSync(file(data), { force: true });
}

/** True where `pid` is alive and is a Node on `script` (a number from before a reboot may be anyone's now). @param {number} pid @param {string} script */
function isOurs(pid, script) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes(script);
}

/**
 * Makes sure that nobody else serves this data folder. A server left behind by a killed `npm start` is stopped.
 * @param {string} data
 * @returns {Promise<Running | null>} the drop that runs on it now, or null when the folder is free
 */
export async function claimData(data) {
  if (!existsSync(file(data))) return null;
  /** @type {Running} */
  let running;
  try {
    running = JSON.parse(readFileSync(file(data), 'utf8'));
  } catch {
    return null;
  }
  if (isOurs(running.supervisor, 'start.mjs')) return running;
  for (let waited = 0; isOurs(running.server, 'server/main.ts'); waited += 100) {
    if (waited === 0) {
      console.error('Stopping the server that an earlier start left behind …');
      process.kill(running.server, 'SIGTERM');
    }
    if (waited === 20_000) process.kill(running.server, 'SIGKILL');
    await sleep(100);
  }
  noteStopped(data);
  return null;
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<string | null>} why the address cannot be listened on, or null when it can
 */
export function whyTaken(host, port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}
