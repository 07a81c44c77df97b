/** Replies as couriers bring them: opened, looked at, sealed; their parts come over tus. Each call can be made again without harm. */
import type { FastifyInstance } from 'fastify';
import { isProblem, Problem } from '../../../shared/problem/problem.ts';
import { MAX_REPLY_SIZE } from '../../../shared/protocol/limits.ts';
import { openRequest, sealRequest } from '../../../shared/protocol/messages.ts';
import { parse } from '../../../shared/protocol/parse.ts';
import { REPLIES_ROUTE } from '../../../shared/protocol/routes.ts';
import { openedParts } from '../../../shared/statements/opening.ts';
import { openReplyOpening, unverifiedReplyOpening } from '../../../shared/statements/reply-opening.ts';
import type { ReplyOpening } from '../../../shared/statements/reply-opening.ts';
import type { PartServices } from '../../store/part-store.ts';
import { find, statusOf } from '../source/parcels.ts';
import type { ParcelServices } from '../source/parcels.ts';
import { registerParts } from '../source/parts.ts';
import { sealParcel } from '../source/seal-parcel.ts';

export type ReplyServices = ParcelServices & PartServices;

type ReplyParams = { Params: { parcel: string } };

interface Opened {
  readonly parcel: string;
  /** False when its mailbox was forgotten, or when this reply was here whole and was deleted. */
  readonly wanted: boolean;
  readonly fresh: boolean;
}

/** Registers opening, status, parts and seal. */
export async function registerReplies(app: FastifyInstance, services: ReplyServices): Promise<void> {
  const { parcels } = services;
  app.post(REPLIES_ROUTE, async (request, reply) => {
    const { parcel, wanted, fresh } = await openReply(services, parse(openRequest, request.body).opening);
    return reply.code(fresh ? 201 : 200).send({ parcel, wanted });
  });

  app.get<ReplyParams>(`${REPLIES_ROUTE}/:parcel`, async ({ params }) =>
    statusOf(parcels, await find(parcels, params.parcel, 'reply')),
  );

  app.post<ReplyParams>(`${REPLIES_ROUTE}/:parcel/seal`, async ({ body, params }) => {
    const { seal } = parse(sealRequest, body);
    return { receipt: await sealParcel(services, await find(parcels, params.parcel, 'reply'), seal) };
  });

  await registerParts(app, services, { route: REPLIES_ROUTE, direction: 'reply' });
}

/** An opening that was accepted stays good when the card changes; a new one is signed by the key that the card of today names. */
async function openReply(services: ReplyServices, note: string): Promise<Opened> {
  const { parcels, room, today } = services;
  const { parcel: id } = unverifiedReplyOpening(note);
  const there = await parcels.find(id);
  if (there?.opening === note) return { parcel: id, wanted: true, fresh: false };

  const { card } = await services.card.current();
  const opening = await verified(note, card.replyKey);
  if (opening.size > MAX_REPLY_SIZE) throw new Problem('limit-exceeded');
  if (there !== null) throw new Problem('parcel-differs');
  const parts = openedParts(opening);
  const opened = await parcels.open(
    { ...opening, id, direction: 'reply', sender: card.replyKey, opening: note, parts, day: today() },
    (needed, promised) => room.admit(needed, promised),
  );
  if (opened === null) return { parcel: id, wanted: false, fresh: false };
  if (opened.parcel.opening !== note) throw new Problem('parcel-differs');
  return { parcel: id, wanted: true, fresh: opened.fresh };
}

async function verified(note: string, replyKey: Uint8Array): Promise<ReplyOpening> {
  try {
    return await openReplyOpening(note, replyKey);
  } catch (error) {
    throw isProblem(error, 'signature-wrong') ? new Problem('reply-refused') : error;
  }
}
