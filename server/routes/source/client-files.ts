/** The built page and its assets. Names with a hash never change; all else is asked for anew each time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Vite puts `-` and eight characters of a hash before the ending. */
const HASHED = /-[\w-]{8}\.[a-z0-9]+(?:\.(?:br|gz))?$/;

/** Serves a folder, if it is there: without it the listener still takes uploads. */
export async function registerClientFiles(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return;
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    lastModified: false,
    dotfiles: 'ignore',
    redirect: false,
    preCompressed: true,
    index: ['index.html'],
    setHeaders: (reply, path) => {
      reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
