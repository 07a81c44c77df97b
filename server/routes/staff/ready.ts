/** Readiness: whether this process can do its work now, which is to say whether the database answers. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../shared/problem/problem.ts';
import { READY_ROUTE } from '../../../shared/protocol/routes.ts';
import type { Database } from '../../store/database.ts';

const DEADLINE_MS = 2_000;

/** GET: 200 when a query is answered in time, else 503 `database-away`. */
export function registerReady(app: FastifyInstance, database: Database): void {
  app.get(READY_ROUTE, async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Problem('database-away')), DEADLINE_MS);
    });
    try {
      await Promise.race([database.run((sql) => sql`select 1`), late]);
    } finally {
      clearTimeout(timer);
    }
    return { ready: true };
  });
}
