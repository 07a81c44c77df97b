/** Where things are: the project root, the pinned Node, the folder the person typed the command in. Node 20, nothing installed. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the project root, without a slash at the end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** npm starts scripts in the project root and says in INIT_CWD where the person was; paths they type are relative to that. */
export const TYPED_IN = process.cwd() === ROOT ? (process.env['INIT_CWD'] ?? ROOT) : process.cwd();

const PINNED = resolve(ROOT, 'node_modules/.bin/node');
const LEAST_MAJOR = 24;

/**
 * Path of a Node that runs the programs (TypeScript unbuilt): the pinned one; on a platform it is not published for, the one
 * running now if it is new enough.
 * @returns {string}
 */
export function pinnedNode() {
  if (existsSync(PINNED)) return PINNED;
  if (Number(process.versions.node.split('.')[0]) >= LEAST_MAJOR) return process.execPath;
  throw new Error(
    `There is no pinned Node for ${process.platform}-${process.arch}: install Node ${LEAST_MAJOR} and start again.`,
  );
}

/**
 * The server's Node keeps new objects in little memory. By itself that grows to a hundred megabytes over some gigabytes of upload
 * and is never given back; it saves no time, since the bytes of parts do not lie in it.
 */
export const SERVER_FLAGS = ['--max-semi-space-size=4'];

/**
 * Node's own sandbox for a server over an outside PostgreSQL: it reads its program and secrets, reads and writes its data, starts nothing.
 * @param {{ app: string, data: string, secrets: string }} folders
 */
export const serverPermissions = ({ app, data, secrets }) => [
  '--permission',
  `--allow-fs-read=${app}`,
  `--allow-fs-read=${data}`,
  `--allow-fs-read=${secrets}`,
  // How many connections the system lets it hold.
  '--allow-fs-read=/proc/self/limits',
  `--allow-fs-write=${data}`,
];

/**
 * What Node is called with to run a program of this project, its flags included.
 * @param {string} file relative to the project root, or absolute
 * @returns {string[]}
 */
export function programArguments(file) {
  const path = resolve(ROOT, file);
  return path === resolve(ROOT, 'server/main.ts') ? [...SERVER_FLAGS, path] : [path];
}

/** The environment in which installed tools find each other and the pinned Node first. */
export const toolEnvironment = () => ({
  ...process.env,
  PATH: `${resolve(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
});
