/** The Node that the desk's executable is made of, for either platform: the installed one, or the locked package of the other, checked. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './npm.mjs';
import { ROOT } from './project.mjs';

/** @typedef {'linux-x64' | 'linux-arm64'} Platform */

/** @type {readonly Platform[]} */
export const PLATFORMS = ['linux-x64', 'linux-arm64'];

/** What package-lock.json says of a platform's Node. @param {Platform} platform @returns {{ version: string, integrity: string }} */
export const lockedNode = (platform) =>
  JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages[`node_modules/node-${platform}`];

/**
 * Path of the locked Node for a platform; npm, with whatever registry it is set to, brings what is not installed into `folder`.
 * @param {Platform} platform
 * @param {string} folder
 * @returns {string}
 */
export function nodeFor(platform, folder) {
  const installed = join(ROOT, 'node_modules', `node-${platform}`, 'bin/node');
  if (existsSync(installed)) return installed;
  const { version, integrity } = lockedNode(platform);
  mkdirSync(folder, { recursive: true });
  const failed = runNpm(['pack', `node-${platform}@${version}`, '--prefer-offline', `--pack-destination=${folder}`]);
  if (failed !== null) throw new Error(failed);
  const archive = join(folder, `node-${platform}-${version}.tgz`);
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== integrity) throw new Error(`node-${platform}@${version} is not what package-lock.json says`);
  const { status, stderr } = spawnSync('tar', ['-xzf', archive, '-C', folder, 'package/bin/node'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${archive} cannot be unpacked: ${stderr}`);
  return join(folder, 'package/bin/node');
}
