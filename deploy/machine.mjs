/** The programs of the machine that the flow and browser tests drive; on Debian, as root, they are installed where absent. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** @type {readonly (readonly [program: string, debianPackage: string])[]} */
const NEEDED = [
  ['age', 'age'],
  ['ceph-mon', 'ceph-mon'],
  ['ceph-osd', 'ceph-osd'],
  ['chromium', 'chromium'],
  ['ffmpeg', 'ffmpeg'],
  ['firefox-esr', 'firefox-esr'],
  ['haproxy', 'haproxy'],
  ['ip', 'iproute2'],
  ['openssl', 'openssl'],
  ['python3', 'python3'],
  ['radosgw', 'radosgw'],
  ['ssh-keygen', 'openssh-client'],
  ['strace', 'strace'],
  ['tor', 'tor'],
  ['zbarimg', 'zbar-tools'],
];

/** @param {string} program */
const isHere = (program) =>
  (process.env['PATH'] ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, program)));

/** @param {readonly string[]} args */
const aptGet = (args) =>
  spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 2, 2],
  }).status === 0;

/** @returns {boolean} true where all are here in the end; what is missing is said */
export function installMachinePackages() {
  const missing = () => NEEDED.filter(([program]) => !isHere(program)).map(([, debianPackage]) => debianPackage);
  const absent = missing();
  if (absent.length === 0) return true;
  if (process.getuid?.() === 0 && isHere('apt-get')) {
    console.error(`Installing for the tests (only this once): ${absent.join(' ')} …`);
    aptGet(['update']);
    aptGet(['install', '-y', '--no-install-recommends', ...absent]);
  }
  const still = missing();
  if (still.length > 0) console.error(`The tests need these Debian packages, please install them: ${still.join(' ')}`);
  return still.length === 0;
}
