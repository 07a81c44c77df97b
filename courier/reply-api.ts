/** What a courier says about a reply to the staff listener: that there is one, how far it is, that it is sealed. */
import { isProblem } from '../shared/problem/problem.ts';
import { openReplyAnswer, parcelStatus, sealAnswer } from '../shared/protocol/messages.ts';
import type { ParcelStatus } from '../shared/protocol/messages.ts';
import { REPLIES_ROUTE, replyRoute, replySealRoute } from '../shared/protocol/routes.ts';
import { askJson } from './ask-json.ts';
import type { Patience } from './away.ts';
import { Halt } from './halt.ts';
import type { Session } from './session.ts';

export interface ReplyApi {
  /** Announces a reply; false when its mailbox was cleared by its source, and it is not taken. */
  open(reply: string, opening: string): Promise<boolean>;
  /** What the server has of it; null when it does not know it. */
  status(reply: string): Promise<ParcelStatus | null>;
  /** Seals it, or finds it sealed; gives the server's receipt. */
  seal(reply: string, seal: string): Promise<string>;
}

/** The API over a session; waits while the server is away. */
export function createReplyApi(session: Session, patience: Patience): ReplyApi {
  return {
    async open(reply, opening) {
      const request = { method: 'POST', path: REPLIES_ROUTE, body: JSON.stringify({ opening }) } as const;
      const { parcel, wanted } = await askJson(session, patience, request, openReplyAnswer);
      if (parcel !== reply)
        throw new Halt('server-strange', 'The server speaks of another reply than the one it was asked about.');
      return wanted;
    },

    async status(reply) {
      try {
        return await askJson(session, patience, { method: 'GET', path: replyRoute(reply) }, parcelStatus);
      } catch (error) {
        if (isProblem(error, 'parcel-unknown')) return null;
        throw error;
      }
    },

    async seal(reply, seal) {
      const request = { method: 'POST', path: replySealRoute(reply), body: JSON.stringify({ seal }) } as const;
      return (await askJson(session, patience, request, sealAnswer)).receipt;
    },
  };
}

/** The parts of `count` that a status does not name as finished. */
export function unfinishedParts({ finished }: Pick<ParcelStatus, 'finished'>, count: number): ReadonlySet<number> {
  const missing = new Set(Array.from({ length: count }, (_, part) => part));
  for (const [from, to] of finished)
    for (let part = from; part <= Math.min(to, count - 1); part++) missing.delete(part);
  return missing;
}
