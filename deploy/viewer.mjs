/** Builds the desk's page into desk/viewer-dist, and only when its sources have changed since. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './project.mjs';
import { runQuietly } from './tool.mjs';

const SOURCES = 'desk/viewer';
const SETTINGS = ['vite.viewer.config.ts', 'package-lock.json', 'deploy/viewer.mjs'];
const PDFJS = join(ROOT, 'node_modules/pdfjs-dist');

/** What a PDF may need beyond pdf.js itself: its folder in the package, and ours. The decoders for scripts in a PDF stay out. */
const ASSETS = [
  { from: 'cmaps', to: 'cmaps', files: /\.bcmap$|^LICENSE/ },
  { from: 'standard_fonts', to: 'fonts', files: /\.(pfb|ttf)$|^LICENSE/ },
  { from: 'wasm', to: 'wasm', files: /^(jbig2|openjpeg|qcms).*\.(wasm|js)$|^LICENSE.*(JBIG2|OPENJPEG|QCMS)$/ },
];

/** SHA-256 over all that decides what the built page is. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = readdirSync(join(ROOT, SOURCES), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of [...SETTINGS.map((name) => join(ROOT, name)), ...files].sort()) {
    const content = readFileSync(path);
    hash.update(`${path.slice(ROOT.length)}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} dist @param {Record<string, string>} environment */
function bundle(dist, environment) {
  const { code, output } = runQuietly('vite', ['build', '--logLevel', 'warn', '--config', 'vite.viewer.config.ts'], {
    // React's own checks for developers would come along under any other.
    NODE_ENV: 'production',
    POSTERN_VIEWER_DIST: dist,
    ...environment,
  });
  if (code !== 0) throw new Error(`the page of the desk could not be built:\n${output}`);
}

/** @param {string} dist */
function copyAssets(dist) {
  for (const { from, to, files } of ASSETS) {
    const folder = join(dist, 'pdf', to);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(join(PDFJS, from)).filter((name) => files.test(name)))
      cpSync(join(PDFJS, from, name), join(folder, name));
  }
}

/**
 * Builds into `dist` unless what is there is up to date; a failed build leaves the old one in place.
 * @param {{ dist?: string }} [input] folder for the built files
 * @returns {boolean} true where it was built
 */
export function buildViewer({ dist = join(ROOT, 'desk/viewer-dist') } = {}) {
  const stamp = `${dist}.stamp`;
  const wanted = fingerprint();
  if (existsSync(dist) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;

  const fresh = `${dist}.new`;
  rmSync(fresh, { recursive: true, force: true });
  bundle(fresh, {});
  for (const script of ['frame', 'pdf-worker']) bundle(fresh, { POSTERN_VIEWER_SCRIPT: script });
  copyAssets(fresh);
  rmSync(stamp, { force: true });
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  writeFileSync(stamp, wanted);
  return true;
}
