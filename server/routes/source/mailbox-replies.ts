/** Replies as their addressee gets them: envelope, parts, and gone for good. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { equalBytes } from '../../../shared/bytes/equal.ts';
import { Problem } from '../../../shared/problem/problem.ts';
import { deleteReplyRoute, mailboxReplyRoute } from '../../../shared/protocol/routes.ts';
import type { Parcel } from '../../store/parcels.ts';
import { envelopeText } from '../envelope.ts';
import { partKey, sendPart } from '../part-download.ts';
import type { MailboxServices } from './mailbox-services.ts';
import { signedIn } from './mailbox-sign-in.ts';
import { find } from './parcels.ts';

type ReplyParams = { Params: { reply: string } };
type PartParams = { Params: { reply: string; part: string } };

const REPLY = mailboxReplyRoute(':reply');

/** Registers envelope, part download and delete on an app that lets only the signed-in through. */
export function registerMailboxReplies(app: FastifyInstance, services: MailboxServices): void {
  const { tokens, mailboxes, parcels, blobs } = services;

  /** The reply that an address speaks of, if it is here whole and for this mailbox. Problem `parcel-unknown`. */
  const own = async (request: FastifyRequest<ReplyParams>): Promise<Parcel> => {
    const { mailbox } = signedIn(tokens, request);
    const parcel = await find(parcels, request.params.reply, 'reply');
    if (parcel.seal === null || !equalBytes(parcel.mailbox, mailbox)) throw new Problem('parcel-unknown');
    return parcel;
  };

  app.get<ReplyParams>(REPLY, async (request, reply) =>
    reply.type('application/json').send(Readable.from(envelopeText(parcels, await own(request)))),
  );

  app.get<PartParams>(`${REPLY}/parts/:part`, async (request, reply) => {
    const { id } = await own(request);
    return sendPart(reply, request.headers, services, partKey('reply', id, request.params.part));
  });

  app.post<ReplyParams>(deleteReplyRoute(':reply'), async (request, reply) => {
    const { id, mailbox } = await own(request);
    if (!(await mailboxes.deleteReply(mailbox, id))) throw new Problem('parcel-unknown');
    // The rows are gone: blobs that cannot be removed are orphans, and the sweeper finds those.
    await blobs.removeParcel(id).catch(() => undefined);
    return reply.code(204).send();
  });
}
