/** `npm run dev`: the client with live reload, in front of a server that `npm start` runs in another terminal. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createServer } from 'vite';
import { ROOT, TYPED_IN } from './project.mjs';

const data = resolve(TYPED_IN, process.env['POSTERN_DATA'] || join(ROOT, 'data'));
const installed = join(data, 'root.pub');
if (!existsSync(installed)) {
  console.error(`There is no organisation in ${data} yet: run 'npm start' in another terminal first.`);
  process.exit(1);
}
process.env['POSTERN_ROOT_KEY'] = readFileSync(installed, 'utf8').trim();

const host = process.env['POSTERN_HOST'] || '127.0.0.1';
const port = process.env['POSTERN_SOURCE_PORT'] || '8440';
const vite = await createServer({
  configFile: join(ROOT, 'vite.config.ts'),
  server: { host, port: 5173, proxy: { '/api': `http://${host}:${port}` } },
});
await vite.listen();
vite.printUrls();
