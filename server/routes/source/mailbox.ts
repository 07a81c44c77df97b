/** The mailbox of a codename: what it shows, and that it shows nothing any more. All below `/api/mailbox` but the sign-in needs its token. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { MAILBOX_PADDING, MAX_MAILBOX_ITEMS } from '../../../shared/protocol/limits.ts';
import type { MailboxAnswer } from '../../../shared/protocol/messages.ts';
import { MAILBOX_FORGET_ROUTE, MAILBOX_ROUTE } from '../../../shared/protocol/routes.ts';
import { registerMailboxParcels } from './mailbox-parcels.ts';
import { registerMailboxReplies } from './mailbox-replies.ts';
import type { MailboxServices } from './mailbox-services.ts';
import { registerMailboxSignIn, signedIn } from './mailbox-sign-in.ts';

/**
 * The answer about a mailbox goes out so long after its question came in, and not before: the timer runs beside the looking-up, so
 * that what the looking-up found does not move it. Long enough for any mailbox of a common size.
 */
const FLOOR_MS = 50;

/** Registers sign-in, look and forget, and what a mailbox may do with its parcels and replies. */
export async function registerMailbox(app: FastifyInstance, services: MailboxServices): Promise<void> {
  const { tokens, admission, mailboxes, blobs, today, showCollected } = services;
  registerMailboxSignIn(app, tokens, admission);
  await app.register(async (inner) => {
    inner.addHook('onRequest', async (request) => {
      signedIn(tokens, request);
      await Promise.resolve();
    });

    inner.get(MAILBOX_ROUTE, async (request, reply) => {
      const { mailbox } = signedIn(tokens, request);
      const look = async (): Promise<string> => {
        const { sealed, ...rest } = await mailboxes.look(mailbox, MAX_MAILBOX_ITEMS);
        const shown = sealed.map((parcel) => ({ ...parcel, collected: parcel.collected && showCollected }));
        return padded({ ...rest, sealed: shown });
      };
      const [text] = await Promise.all([look(), sleep(FLOOR_MS)]);
      return reply.type('application/json').send(text);
    });

    inner.post(MAILBOX_FORGET_ROUTE, async (request, reply) => {
      const replies = await mailboxes.forget(signedIn(tokens, request).mailbox, today());
      // The rows are gone: blobs that cannot be removed are orphans, and the sweeper finds those.
      for (const id of replies) await blobs.removeParcel(id).catch(() => undefined);
      return reply.code(204).send();
    });

    await registerMailboxParcels(inner, services);
    registerMailboxReplies(inner, services);
  });
}

/** The answer as JSON text of a multiple of MAILBOX_PADDING bytes. */
function padded(content: Omit<MailboxAnswer, 'padding'>): string {
  const length = Buffer.byteLength(JSON.stringify({ ...content, padding: '' } satisfies MailboxAnswer));
  const padding = ' '.repeat(Math.ceil(length / MAILBOX_PADDING) * MAILBOX_PADDING - length);
  return JSON.stringify({ ...content, padding } satisfies MailboxAnswer);
}
