/** A source listener that shows the built page and whatever it is told for a card: the server that an attacker would put up. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { SECURITY_HEADERS } from '../../shared/protocol/csp.ts';
import { CARD_ROUTE } from '../../shared/protocol/routes.ts';

export interface StaticSource extends AsyncDisposable {
  readonly url: string;
  /** Sent as the card. */
  card: string;
  /** Requests other than for the page and the card. */
  readonly others: string[];
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Serves the page built into `dist`. */
export async function startStaticSource(dist: string): Promise<StaticSource> {
  const others: string[] = [];
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    if (path === CARD_ROUTE) {
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      response.end(source.card);
      return;
    }
    readFile(join(dist, path === '/' ? 'index.html' : path)).then(
      (content) => {
        response.setHeader('content-type', TYPES[extname(path) || '.html'] ?? 'application/octet-stream');
        response.end(content);
      },
      () => {
        others.push(`${request.method} ${path}`);
        response.writeHead(404).end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const source: StaticSource = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    card: '',
    others,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return source;
}
