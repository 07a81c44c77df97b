/** The log of receipts, for whoever wants it: GET the checkpoint, tiles and entries, in the form of c2sp.org/tlog-tiles. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../shared/problem/problem.ts';
import { LOG_CHECKPOINT_ROUTE, LOG_TILES_ROUTE } from '../../shared/protocol/routes.ts';
import { parseTilePath } from '../../shared/tlog/tile-path.ts';
import type { LogView } from '../store/log-view.ts';

/** A number is written in groups of three digits: these are enough for 2,700 years. A width, where there is one, is a piece of its own. */
const TILE_PATHS = [':level/:first', ':level/:first/:second', ':level/:first/:second/:third'] as const;

export function registerLog(app: FastifyInstance, log: LogView): void {
  app.get(LOG_CHECKPOINT_ROUTE, async (_request, reply) => {
    const checkpoint = await log.checkpoint();
    if (checkpoint === null) throw new Problem('not-found');
    return reply.type('text/plain; charset=utf-8').send(checkpoint);
  });

  for (const path of TILE_PATHS)
    app.get<{ Params: Readonly<Record<string, string>> }>(`${LOG_TILES_ROUTE}/${path}`, async ({ params }, reply) => {
      const address = parseTilePath(Object.values(params).join('/'));
      const tile = address === null ? null : await log.tile(address);
      if (tile === null) throw new Problem('not-found');
      // What is once there never changes.
      void reply.header('cache-control', 'public, max-age=31536000, immutable');
      return reply.type('application/octet-stream').send(tile);
    });
}
