/** The yardstick: @tus/server with its own file store (or S3 store, where that is set), and a page with tus-js-client. Arguments: folder for the files, folder of the page. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { S3Store } from '@tus/s3-store';
import { Server } from '@tus/server';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };

const [files, pages] = process.argv.slice(2);
if (files === undefined || pages === undefined) throw new Error('name a folder for the files and one of the page');
const {
  POSTERN_S3_ENDPOINT: endpoint,
  POSTERN_S3_BUCKET: bucket = '',
  POSTERN_S3_REGION: region = 'us-east-1',
} = process.env;
const datastore =
  endpoint === undefined
    ? new FileStore({ directory: files })
    : new S3Store({
        s3ClientConfig: {
          endpoint,
          bucket,
          region,
          forcePathStyle: true,
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
          credentials: {
            accessKeyId: process.env['POSTERN_S3_ACCESS_KEY'] ?? '',
            secretAccessKey: process.env['POSTERN_S3_SECRET_KEY'] ?? '',
          },
        },
      });
const tus = new Server({ path: '/files', datastore, relativeLocation: true });
const server = createServer((request, response) => {
  if (request.url?.startsWith('/files') === true) {
    void tus.handle(request, response);
    return;
  }
  const path = join(pages, basename(request.url === '/' ? 'index.html' : (request.url ?? '')));
  if (!existsSync(path)) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
  createReadStream(path).pipe(response);
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  console.log(`listening ${(server.address() as AddressInfo).port}`);
});
