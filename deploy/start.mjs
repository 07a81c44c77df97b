/** `npm start`: from a fresh checkout to a running drop with a demo organisation; then keeps the server running until Ctrl-C. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { bootstrapOrExit } from './bootstrap.mjs';
import { buildClient } from './client.mjs';
import { demoPaths, provideDemo } from './demo.mjs';
import { claimData, noteRunning, noteStopped, whyTaken } from './occupied.mjs';
import { ROOT, TYPED_IN } from './project.mjs';
import { supervise } from './supervise.mjs';

/** @param {string} name @param {number} fallback */
function portSetting(name, fallback) {
  const text = process.env[name] || String(fallback);
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    refuse(`${name} must be a port number, 0 to 65535 (0: any that is free).`);
  return port;
}

/** @param {string} sentence @returns {never} */
function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

const data = resolve(TYPED_IN, process.env['POSTERN_DATA'] || join(ROOT, 'data'));
const host = process.env['POSTERN_HOST'] || '127.0.0.1';
const opsHost = process.env['POSTERN_OPS_HOST'] || '127.0.0.1';
const ports = {
  POSTERN_SOURCE_PORT: portSetting('POSTERN_SOURCE_PORT', 8440),
  POSTERN_STAFF_PORT: portSetting('POSTERN_STAFF_PORT', 8441),
  POSTERN_OPS_PORT: portSetting('POSTERN_OPS_PORT', 8442),
};
// Others may pass through but not look: an embedded PostgreSQL runs as a user of its own, in a folder of its own below.
mkdirSync(data, { recursive: true, mode: 0o711 });

const other = await claimData(data);
if (other !== null) {
  refuse(
    `This drop is running already, from ${typed(data)}, as process ${other.supervisor}. ` +
      `Stop it with Ctrl-C where it was started, or with: kill ${other.supervisor}`,
  );
}
for (const [name, port] of Object.entries(ports)) {
  const [place, setting] = name === 'POSTERN_OPS_PORT' ? [opsHost, 'POSTERN_OPS_HOST'] : [host, 'POSTERN_HOST'];
  const reason = port === 0 ? null : await whyTaken(place, port);
  if (reason === 'EADDRINUSE') {
    refuse(`Port ${port} on ${place} is taken by another program. Choose another one: ${name}=${port + 10} npm start`);
  }
  if (reason !== null)
    refuse(`Postern cannot listen on ${place}, port ${port} (${reason}): set ${setting} and ${name}.`);
}

bootstrapOrExit();
try {
  const demo = provideDemo(data);
  if (demo === 'made') console.error('Made a demo organisation: its keys are on this machine, so it protects nobody.');
  if (demo === 'renewed') console.error('Signed the next card of the demo organisation.');
  const rootKey = readFileSync(join(data, 'root.pub'), 'utf8').trim();
  if (buildClient({ rootKey, dist: join(data, 'client') })) console.error('Built the page for sources.');
} catch (error) {
  refuse(`Postern cannot start: ${error instanceof Error ? error.message : String(error)}`);
}

const server = supervise({
  environment: {
    POSTERN_DATA: data,
    POSTERN_HOST: host,
    POSTERN_SOURCE_PORT: String(ports.POSTERN_SOURCE_PORT),
    POSTERN_STAFF_PORT: String(ports.POSTERN_STAFF_PORT),
    POSTERN_OPS_PORT: String(ports.POSTERN_OPS_PORT),
    POSTERN_CLIENT_DIST: join(data, 'client'),
  },
  onStart: (pid) => noteRunning(data, { supervisor: process.pid, server: pid }),
  onReady: ({ source, staff, first }) => (first ? welcome(source, staff) : console.error('The server is back.')),
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, server.stop);
process.exitCode = await server.ended;
noteStopped(data);

/** A path as the person can type it: relative to where they are if it lies below, quoted if it needs to be. @param {string} path */
function typed(path) {
  const below = relative(TYPED_IN, path);
  const shown = below.startsWith('..') ? path : below;
  return /^[\w./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", String.raw`'\''`)}'`;
}

/** @param {string} source @param {string} staff */
function welcome(source, staff) {
  const { deskKeys, courierKey } = demoPaths(data);
  const isDemo = existsSync(deskKeys);
  const keys = isDemo ? typed(deskKeys) : 'DESK-KEYS';
  const key = isDemo ? typed(courierKey) : 'COURIER-KEY';
  console.log(`
Postern is running${isDemo ? ' with a demo organisation: try it, do not rely on it' : ''}.

  Sources   ${source}
  Staff     ${staff}

Send something at the first address. Then, in another terminal, as staff:

  npm run -s courier -- pull ./bundle --server ${staff} --key ${key}
  npm run -s desk -- list ./bundle --keys ${keys}
  npm run -s desk -- verify ./bundle --keys ${keys}
  npm run -s desk -- extract ./bundle --keys ${keys} --out ./out
  npm run -s desk -- open ./bundle --keys ${keys}

Ctrl-C stops it. Everything it keeps is in ${typed(data)}
`);
}
