/** Runs installed tools and our own programs under the pinned Node. */
import { spawn, spawnSync } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { ROOT, pinnedNode, toolEnvironment } from './project.mjs';

const MOST_OUTPUT = 64 * 1024 * 1024;

/**
 * Runs an installed tool in the project root and keeps what it prints.
 * @param {string} tool name in node_modules/.bin
 * @param {readonly string[]} args
 * @param {Record<string, string>} [environment] added to our own
 * @returns {{ code: number, output: string }} `code` is 1 where a signal ended it
 */
export function runQuietly(tool, args, environment = {}) {
  const { status, stdout, stderr, error } = spawnSync(join(ROOT, 'node_modules/.bin', tool), args, {
    cwd: ROOT,
    env: { ...toolEnvironment(), ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...environment },
    encoding: 'utf8',
    maxBuffer: MOST_OUTPUT,
  });
  return { code: status ?? 1, output: error ? String(error) : stdout + stderr };
}

/**
 * Runs an installed tool in the project root with its output shown.
 * @param {string} tool name in node_modules/.bin
 * @param {readonly string[]} args
 * @returns {number} its exit code; 1 where a signal ended it
 */
export function runShown(tool, args) {
  const { status } = spawnSync(join(ROOT, 'node_modules/.bin', tool), args, {
    cwd: ROOT,
    env: toolEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status ?? 1;
}

/**
 * Starts an installed tool in the project root that gives way to all else; its output goes to a file.
 * @param {string} tool name in node_modules/.bin
 * @param {readonly string[]} args
 * @param {number} output where it writes, an open file
 * @returns {Promise<number>} its exit code; 1 where a signal ended it
 */
export function runAside(tool, args, output) {
  const child = spawn(join(ROOT, 'node_modules/.bin', tool), args, {
    cwd: ROOT,
    env: toolEnvironment(),
    stdio: ['ignore', output, output],
  });
  if (child.pid !== undefined) setPriority(child.pid, 10);
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Runs one of our programs to its end; what it says on stderr is shown.
 * @param {string} file path under the project root
 * @param {readonly string[]} args
 * @param {Record<string, string>} [environment] added to our own
 * @returns {string} its stdout, trimmed
 */
export function runProgram(file, args, environment = {}) {
  const { status, stdout, error } = spawnSync(pinnedNode(), [join(ROOT, file), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file} ${args[0] ?? ''} failed${error ? `: ${error.message}` : ''}`);
  return stdout.trim();
}
