/** The whole of `push`: sign in, card, then each reply of the outbox; several parts at once. */
import { equalBytes } from '../shared/bytes/equal.ts';
import { openBundleThatIs, readIfThere } from './bundle.ts';
import { atServer } from './connect.ts';
import type { Effects } from './effects.ts';
import { Halt } from './halt.ts';
import { createLanes, forEachInLanes } from './lanes.ts';
import { readOutbox } from './outbox.ts';
import type { BundleOptions } from './pull.ts';
import { pushReply } from './push-reply.ts';
import type { ReplyReport } from './push-reply.ts';
import { readCard } from './read-card.ts';
import { createReplyApi } from './reply-api.ts';

export interface PushReport {
  /** In the order in which they were written. */
  readonly replies: readonly ReplyReport[];
  /** Names of what lies in the outbox and is no part of a reply. */
  readonly foreign: readonly string[];
  /** Ciphertext bytes that this run brought to the server. */
  readonly bytes: number;
}

/** Brings the replies of a bundle to the server. Halt when it cannot go on; what was sent stays. */
export async function push(options: BundleOptions, effects: Effects): Promise<PushReport> {
  const bundle = await openBundleThatIs(options.bundle, effects.now);
  try {
    return await atServer(options, effects, async ({ session, patience, progress, api: staff }) => {
      const note = await staff.card();
      if (note === null) throw new Halt('card-missing', 'The server has no key card yet, so it takes no replies.');
      const card = await readCard(note);
      if (card === null) throw new Halt('server-strange', 'What the server gives as its key card is none.');
      const own = await readCard((await readIfThere(bundle.card)) ?? '');
      const ofOther = own !== null && !equalBytes(own.rootKey, card.rootKey);
      const { replies, foreign } = await readOutbox(bundle, card, ofOther);

      const reports = new Map<string, ReplyReport>();
      const places = options.lanes;
      const api = createReplyApi(session, patience);
      const context = { api, session, patience, progress, places, lanes: createLanes(places), card };
      await forEachInLanes(replies, places, async (reply) => {
        reports.set(reply.reply, await pushReply(context, reply));
      });
      return { replies: replies.map(({ reply }) => reports.get(reply)!), foreign, bytes: progress.moved() };
    });
  } finally {
    await bundle.release();
  }
}

/** True when a reply was kept back, or the outbox holds what is none. */
export function hasPushFinding({ replies, foreign }: PushReport): boolean {
  return foreign.length > 0 || replies.some(({ finding }) => finding !== null);
}
