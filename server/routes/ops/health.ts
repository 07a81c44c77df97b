/** For whoever starts and balances servers: does this process live, and should it be given requests? */
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../shared/problem/problem.ts';
import { HEALTH_ROUTE, READY_ROUTE } from '../../../shared/protocol/routes.ts';
import type { Health } from '../../ops/health.ts';

/** Registers both. An answer to the first says that the event loop turns; one to the second comes within seconds whatever hangs. */
export function registerHealth(app: FastifyInstance, health: Health): void {
  app.get(HEALTH_ROUTE, () => Promise.resolve({ alive: true }));
  app.get(READY_ROUTE, async () => {
    const obstacle = await health.obstacle();
    if (obstacle !== null) throw new Problem(obstacle);
    return { ready: true };
  });
}
