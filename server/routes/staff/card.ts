/** The key card for staff: read it, or put a newer one in its place. */
import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../shared/problem/problem.ts';
import { utf8Decode } from '../../../shared/bytes/utf8.ts';
import { CARD_ROUTE } from '../../../shared/protocol/routes.ts';
import { MAX_NOTE_LENGTH } from '../../../shared/statements/note.ts';
import type { CardFile } from '../../store/card-file.ts';
import { registerCard } from '../source/card.ts';

/** Most bytes of a card file; a note is mostly ASCII. */
const MOST_BYTES = 3 * MAX_NOTE_LENGTH;

/** Registers GET and POST; the form has one file, `card`. */
export async function registerCardInstall(app: FastifyInstance, card: CardFile): Promise<void> {
  registerCard(app, card);
  await app.register(multipart, {
    limits: { fileSize: MOST_BYTES, files: 1, fields: 0, parts: 1, headerPairs: 20, fieldNameSize: 32 },
  });
  app.post(CARD_ROUTE, async (request, reply) => {
    if (!request.isMultipart()) throw new Problem('media-type-unsupported');
    const file = await request.file();
    if (file === undefined || file.fieldname !== 'card') throw new Problem('bad-request');
    const note = utf8Decode(await file.toBuffer());
    await card.install(note);
    return reply.code(204).send();
  });
}
