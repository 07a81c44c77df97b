/** Builds the client for one organisation's root key, and only when its sources or the key have changed since. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compressFolder } from './compress.mjs';
import { ROOT } from './project.mjs';
import { runQuietly } from './tool.mjs';

const SOURCES = ['client', 'shared'];
const SETTINGS = ['vite.config.ts', 'package-lock.json', 'deploy/client.mjs', 'deploy/compress.mjs'];

/** SHA-256 over all that decides what the built client is. @param {string} rootKey */
function fingerprint(rootKey) {
  const hash = createHash('sha256').update(`${rootKey}\n`);
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.startsWith(join(ROOT, 'client/dist'))),
  );
  for (const path of [...SETTINGS.map((name) => join(ROOT, name)), ...files].sort()) {
    const content = readFileSync(path);
    hash.update(`${path.slice(ROOT.length)}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/**
 * Builds into `dist` unless what is there is up to date; a failed build leaves the old one in place.
 * @param {{ rootKey: string, dist: string }} input root public key as unpadded base64url; folder for the built files
 * @returns {boolean} true where it was built
 */
export function buildClient({ rootKey, dist }) {
  const stamp = `${dist}.stamp`;
  const wanted = fingerprint(rootKey);
  if (existsSync(dist) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;

  const fresh = `${dist}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const { code, output } = runQuietly('vite', ['build', '--logLevel', 'warn'], {
    // React's own checks for developers would come along under any other.
    NODE_ENV: 'production',
    POSTERN_ROOT_KEY: rootKey,
    POSTERN_CLIENT_DIST: fresh,
  });
  if (code !== 0) throw new Error(`the client could not be built:\n${output}`);
  compressFolder(fresh);
  rmSync(stamp, { force: true });
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  writeFileSync(stamp, wanted);
  return true;
}
