/** The key card for sources. */
import type { FastifyInstance } from 'fastify';
import { CARD_ROUTE } from '../../../shared/protocol/routes.ts';
import type { CardFile } from '../../store/card-file.ts';

/** GET the current card, as a signed note. */
export function registerCard(app: FastifyInstance, card: CardFile): void {
  app.get(CARD_ROUTE, async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send((await card.current()).note),
  );
}
