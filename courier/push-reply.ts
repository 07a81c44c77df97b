/**
 * One reply from the outbox to the server. What the server has is asked first, so that a reply that is there costs nothing; what it
 * has not is checked on the disk before anything is sent, so that nothing of a half-copied reply leaves.
 */
import { join } from 'node:path';
import { PROBLEMS } from '../shared/problem/codes.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { formatEnvelope } from '../shared/protocol/envelope.ts';
import { replaceFile } from './durable.ts';
import type { Finding } from './finding.ts';
import { Halt } from './halt.ts';
import { findTrouble } from './outbox.ts';
import type { OutboxReply } from './outbox.ts';
import { unfinishedParts } from './reply-api.ts';
import { isReceiptOf } from './reply-check.ts';
import type { CheckedReply } from './reply-check.ts';
import { sendParts } from './send-parts.ts';
import type { PushContext } from './send-parts.ts';

/**
 * delivered: by this run. there: by an earlier one. gone: delivered earlier, and deleted there since. cleared: not taken, because the
 * source has cleared its mailbox, or deleted this reply. kept-back: see `finding`.
 */
export type ReplyState = 'delivered' | 'there' | 'gone' | 'cleared' | 'kept-back';

export interface ReplyReport {
  readonly reply: string;
  /** Of the opening; 0 and empty when that cannot be read. */
  readonly number: number;
  readonly day: string;
  readonly state: ReplyState;
  /** Parts that it has, and that this run sent. */
  readonly parts: number;
  readonly sent: number;
  readonly finding: Finding | null;
}

/** A reply whose seal the server does not take for missing parts is looked at again this often. */
const ROUNDS = 3;

/** Brings one reply to the server. Findings are in the report; Halt on server trouble. */
export async function pushReply(
  context: PushContext,
  { reply, folder, checked, finding }: OutboxReply,
): Promise<ReplyReport> {
  const count = { sent: 0 };
  const report = (state: ReplyState, why: Finding | null = null): ReplyReport => ({
    reply,
    number: checked?.opening.number ?? 0,
    day: checked?.opening.day ?? '',
    state,
    parts: checked?.statements.length ?? 0,
    sent: count.sent,
    finding: why,
  });
  if (checked === null) return report('kept-back', finding);
  try {
    for (let round = 1; ; round++) {
      try {
        const outcome = await bring(context, folder, checked, count);
        return typeof outcome === 'string' ? report(outcome) : report('kept-back', outcome);
      } catch (error) {
        // Deleted while it was being sent, or a part was lost there: what is so now, the next round shows.
        const mayPass = isProblem(error, 'parcel-unknown') || isProblem(error, 'parts-missing');
        if (!mayPass || round >= ROUNDS) throw error;
      }
    }
  } catch (error) {
    if (!isProblem(error)) throw error;
    return report('kept-back', { code: error.code, message: PROBLEMS[error.code].title });
  }
}

async function bring(
  context: PushContext,
  folder: string,
  checked: CheckedReply,
  count: { sent: number },
): Promise<ReplyState | Finding> {
  const { api, card } = context;
  const { envelope, statements } = checked;
  const reply = envelope.parcel;
  const status = await api.status(reply);
  const known = envelope.receipt !== null && (await isReceiptOf(checked, envelope.receipt, card));
  if (status === null && known) return 'gone';
  const sealed = status?.sealed === true;
  if (sealed && known) return 'there';
  const unfinished = unfinishedParts(status ?? { finished: [] }, statements.length);
  const missing = sealed ? [] : statements.filter(({ part }) => unfinished.has(part));
  context.progress.note('Checking the replies');
  const trouble = await findTrouble(folder, missing);
  if (trouble !== null) return trouble;
  if (!(await api.open(reply, envelope.opening))) return 'cleared';

  const late = await sendParts(
    context,
    folder,
    checked,
    missing.map(({ part }) => part),
    status !== null,
    count,
  );
  if (late !== null) return late;
  const receipt = await api.seal(reply, envelope.seal);
  if (!(await isReceiptOf(checked, receipt, card))) {
    throw new Halt('server-strange', 'The server’s receipt for a reply is not signed as its card says.');
  }
  await remember(folder, { ...checked, envelope: { ...envelope, receipt } });
  return sealed ? 'there' : 'delivered';
}

/** Keeps the receipt in the envelope: a reply that its reader has deleted is not brought again. A disk that takes nothing is no obstacle. */
async function remember(folder: string, { envelope }: CheckedReply): Promise<void> {
  await replaceFile(join(folder, 'envelope.json'), formatEnvelope(envelope)).catch(() => undefined);
}
