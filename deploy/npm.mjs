/** The npm that a person started us with, or else the one in the PATH. Node 20, nothing installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ROOT } from './project.mjs';

/**
 * Runs npm in the project root; its complaints go to stderr.
 * @param {readonly string[]} args
 * @returns {string | null} what went wrong
 */
export function runNpm(args) {
  const { npm_node_execpath: node, npm_execpath: npm } = process.env;
  const command = node !== undefined && npm !== undefined && existsSync(node) ? [node, npm] : ['npm'];
  const all = [...command.slice(1), ...args, '--loglevel=error'];
  const { status, error } = spawnSync(command[0] ?? 'npm', all, { cwd: ROOT, stdio: ['ignore', 'ignore', 2] });
  return status === 0 ? null : `npm ${args[0] ?? ''} failed${error ? `: ${error.message}` : ''}`;
}
