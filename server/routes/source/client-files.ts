/** The built page and its files, from memory: whoever reads them keeps no thread and no open file from uploads. What has a hash in its name never changes. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** Vite puts `-` and eight characters of a hash before the ending. */
const HASHED = /-[\w-]{8}\.[a-z0-9]+$/;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'application/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Endings of compressed copies, which lie beside their files, the smallest first. */
const COPIES = { '.br': 'br', '.gz': 'gzip' } as const;

interface Copy {
  /** Null: the file as it is. */
  readonly encoding: string | null;
  readonly content: Buffer;
  readonly etag: string;
}

/** Serves a folder as it is now, if it is there: without it the listener still takes uploads. */
export async function registerClientFiles(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return;
  const files = await readFiles(folder);

  app.get<{ Params: { '*': string } }>('/*', async ({ params, headers }, reply) => {
    const path = params['*'] || 'index.html';
    const accepted = acceptedBy(headers['accept-encoding']);
    const copy = files.get(path)?.find(({ encoding }) => encoding === null || accepted.has(encoding));
    if (copy === undefined) return reply.callNotFound();
    const { encoding, content, etag } = copy;
    void reply
      .type(TYPES[extname(path)] ?? 'application/octet-stream')
      .header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
      .header('vary', 'accept-encoding')
      .header('etag', etag);
    if (encoding !== null) void reply.header('content-encoding', encoding);
    return headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(content);
  });
}

/** All files below a folder, by their paths from there, each with its copies; the file as it is comes last. */
async function readFiles(folder: string): Promise<ReadonlyMap<string, readonly Copy[]>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = new Set(
    entries.filter((each) => each.isFile()).map(({ parentPath, name }) => relative(folder, join(parentPath, name))),
  );
  const copyOf = async (path: string, encoding: string | null): Promise<Copy> => {
    const content = await readFile(join(folder, path));
    return { encoding, content, etag: `"${createHash('sha256').update(content).digest('base64url')}"` };
  };
  const files = new Map<string, readonly Copy[]>();
  for (const path of paths) {
    if (extname(path) in COPIES) continue;
    const copies = Object.entries(COPIES).filter(([ending]) => paths.has(path + ending));
    const compressed = copies.map(([ending, encoding]) => copyOf(path + ending, encoding));
    files.set(path, await Promise.all([...compressed, copyOf(path, null)]));
  }
  return files;
}

/** The encodings that a header names and does not forbid. */
function acceptedBy(header: string | string[] = ''): ReadonlySet<string> {
  const wishes = String(header).toLowerCase().split(',');
  return new Set(wishes.filter((wish) => !/;\s*q=0(?:\.0*)?\s*$/.test(wish)).map((wish) => wish.split(';')[0]!.trim()));
}
