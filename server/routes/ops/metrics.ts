/** The figures as Prometheus fetches them. */
import type { FastifyInstance } from 'fastify';
import { METRICS_ROUTE } from '../../../shared/protocol/routes.ts';
import type { Metrics } from '../../ops/metrics.ts';

/** GET: text, in the form that the library calls its own. */
export function registerMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.get(METRICS_ROUTE, async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
