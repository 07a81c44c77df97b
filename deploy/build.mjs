/**
 * `npm run build`: the client for the organisation in POSTERN_ROOT_KEY, or else in the data folder, into client/dist, and the desk's
 * executables into desk/dist. `client` or `desk` after it builds one of them alone.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildClient } from './client.mjs';
import { PLATFORMS } from './pinned-node.mjs';
import { ROOT, TYPED_IN } from './project.mjs';

const USAGE = `npm run build -- [client] [desk] [--platform ${PLATFORMS.join('|')}]... [--sign KEYFILE]`;

/** @type {(reason: string) => never} */
const refuse = (reason) => {
  console.error(reason);
  process.exit(2);
};

function readArguments() {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { platform: { type: 'string', multiple: true }, sign: { type: 'string' } },
    });
    if (positionals.some((name) => name !== 'client' && name !== 'desk')) return refuse(USAGE);
    const platforms = PLATFORMS.filter((name) => values.platform === undefined || values.platform.includes(name));
    if (values.platform?.some((name) => !PLATFORMS.some((known) => known === name))) return refuse(USAGE);
    return { parts: new Set(positionals), platforms, sign: values.sign };
  } catch {
    return refuse(USAGE);
  }
}

function client(/** @type {boolean} */ demanded) {
  const data = resolve(TYPED_IN, process.env['POSTERN_DATA'] || join(ROOT, 'data'));
  const dist = resolve(TYPED_IN, process.env['POSTERN_CLIENT_DIST'] || join(ROOT, 'client/dist'));
  const installed = join(data, 'root.pub');
  const rootKey =
    process.env['POSTERN_ROOT_KEY'] || (existsSync(installed) ? readFileSync(installed, 'utf8').trim() : '');
  const isKey = /^[\w-]{43}$/.test(rootKey);
  const advice = "it is built for one organisation: set POSTERN_ROOT_KEY to what 'desk root DIR' prints.";
  if (!isKey && (demanded || rootKey !== '')) refuse(`The client cannot be built: ${advice}`);
  if (!isKey) console.log(`The client is left out: ${advice}`);
  else console.log(buildClient({ rootKey, dist }) ? `Built into ${dist}` : `${dist} is up to date`);
}

/** @param {ReturnType<typeof readArguments>} input */
async function desk({ platforms, sign }) {
  const dist = join(ROOT, 'desk/dist');
  // Only here: an image that builds the client alone holds nothing of this.
  const { buildDesk } = await import('./desk.mjs');
  const { made, leftOut } = await buildDesk({ dist, platforms });
  for (const { name, size, sha256 } of made)
    console.log(`Built desk/dist/${name} (${Math.round(size / 1e6)} MB)\n  SHA-256 ${sha256}`);
  for (const sentence of leftOut) console.log(sentence);
  if (sign === undefined) return;
  const { signSums } = await import('./sign.mjs');
  signSums({ dist, key: resolve(TYPED_IN, sign) });
  console.log('Signed: desk/dist/SHA256SUMS.sig');
}

const input = readArguments();
const { parts } = input;
try {
  if (parts.size === 0 || parts.has('client')) client(parts.has('client'));
  if (parts.size === 0 || parts.has('desk')) await desk(input);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
