/** Makes `postern-desk`: one file for each platform that is Node and the desk together, the same to the byte wherever it is made. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { bundleDesk } from './desk-script.mjs';
import { lockedNode, nodeFor } from './pinned-node.mjs';
import { ROOT } from './project.mjs';
import { runQuietly } from './tool.mjs';
import { buildViewer } from './viewer.mjs';

/** What the desk reads besides its code; the names are those of desk/assets.ts. */
const ASSETS = {
  'report-font': 'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  'report-check': 'desk/custody/verify_report.py',
  'clip-check': 'desk/proof/verify_clip.py',
};

const VIEWER = join(ROOT, 'desk/viewer-dist');
/** Where Node looks for what it is to run, and the mark that it changes when there is something. */
const BLOB = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Builds into `dist`; a failed build leaves the old one in place.
 * @param {{ dist: string, platforms: readonly import('./pinned-node.mjs').Platform[] }} input
 * @returns {Promise<{ made: readonly { name: string, sha256: string, size: number }[], leftOut: readonly string[] }>} sentences for what was left out
 */
export async function buildDesk({ dist, platforms }) {
  const fresh = `${dist}.new`;
  const work = `${dist}.work`;
  for (const folder of [fresh, work]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  try {
    const blob = makeBlob(work, await bundleDesk(work));
    const made = [];
    const leftOut = [];
    for (const platform of platforms) {
      let node;
      try {
        node = nodeFor(platform, join(work, platform));
      } catch (error) {
        leftOut.push(`${platform} is left out: ${error instanceof Error ? error.message : String(error)}`);
        continue;
      }
      const name = `postern-desk-${platform}`;
      inject(blob, node, join(fresh, name));
      const content = readFileSync(join(fresh, name));
      made.push({ name, size: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    }
    if (made.length === 0) throw new Error(leftOut.join('\n'));
    const lines = made.map(({ name, sha256 }) => `${sha256}  ${name}\n`);
    writeFileSync(join(fresh, 'SHA256SUMS'), lines.join(''));
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
    return { made, leftOut };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * What the executable holds besides Node. No snapshot and no compiled code are in it, so it is one for all platforms.
 * @param {string} folder
 * @param {string} script
 * @returns {string} its path
 */
function makeBlob(folder, script) {
  const { version } = lockedNode('linux-x64');
  if (process.versions.node !== version) throw new Error(`the desk is made by Node ${version}, which is not here`);
  const config = {
    main: script,
    output: 'desk.blob',
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    // The environment (NODE_OPTIONS) has no say in what the desk does; it starts its own processes with options of their own.
    execArgvExtension: 'cli',
    assets: {
      program: script,
      ...Object.fromEntries(Object.keys(ASSETS).map((name) => [name, name])),
      ...pageAssets(folder),
    },
  };
  for (const [name, path] of Object.entries(ASSETS)) copyFileSync(join(ROOT, path), join(folder, name));
  // Paths relative to the folder: these names go into the blob.
  writeFileSync(join(folder, 'sea.json'), JSON.stringify(config));
  const { status, stderr } = spawnSync(process.execPath, ['--experimental-sea-config', 'sea.json'], {
    cwd: folder,
    env: {},
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the desk's executable could not be prepared:\n${stderr}`);
  return join(folder, config.output);
}

/**
 * The page of the viewer, by the names that desk/viewer-server/page-files.ts looks for.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function pageAssets(folder) {
  const inside = join(folder, 'viewer');
  buildViewer();
  cpSync(VIEWER, inside, { recursive: true });
  const names = readdirSync(inside, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return Object.fromEntries(names.toSorted().map((name) => [name, name]));
}

/** @param {string} blob @param {string} node @param {string} out */
function inject(blob, node, out) {
  copyFileSync(node, out);
  chmodSync(out, 0o755);
  const { code, output } = runQuietly('postject', [out, BLOB, blob, '--sentinel-fuse', FUSE]);
  if (code !== 0) throw new Error(`the desk could not be put into Node:\n${output}`);
}
