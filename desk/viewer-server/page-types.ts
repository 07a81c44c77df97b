/** Media types of the files of the page, by the ends of their names: ours, all of them. */
import { extname } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** The type of a file; bytes of no kind when its name ends in nothing known. */
export function pageType(path: string): string {
  return TYPES[extname(path)] ?? 'application/octet-stream';
}
