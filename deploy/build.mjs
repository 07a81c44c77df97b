/** `npm run build`: the client for the organisation in POSTERN_ROOT_KEY, or else in the data folder, into client/dist. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildClient } from './client.mjs';
import { ROOT, TYPED_IN } from './project.mjs';

const data = resolve(TYPED_IN, process.env['POSTERN_DATA'] || join(ROOT, 'data'));
const dist = resolve(TYPED_IN, process.env['POSTERN_CLIENT_DIST'] || join(ROOT, 'client/dist'));
const installed = join(data, 'root.pub');
const rootKey =
  process.env['POSTERN_ROOT_KEY'] || (existsSync(installed) ? readFileSync(installed, 'utf8').trim() : '');

if (!/^[\w-]{43}$/.test(rootKey)) {
  console.error("The client is built for one organisation: set POSTERN_ROOT_KEY to what 'desk root DIR' prints.");
  process.exit(2);
}
try {
  console.log(buildClient({ rootKey, dist }) ? `Built into ${dist}` : `${dist} is up to date`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
