/** Replies as they lie in an outbox: those that our own reply key signed, and whether the server has said that it has them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isProblem } from '../../shared/problem/problem.ts';
import { parseEnvelope } from '../../shared/protocol/envelope.ts';
import type { Envelope } from '../../shared/protocol/envelope.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { openReplyOpening } from '../../shared/statements/reply-opening.ts';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import { openSeal } from '../../shared/statements/seal.ts';
import { readEnvelopeText } from '../case/bundle.ts';
import type { Bundle } from '../case/bundle.ts';

/** A reply in the outbox. `delivered` is the day on the server's receipt, which a courier has put there; null while there is no good one. */
export interface CarriedReply {
  readonly opening: ReplyOpening;
  readonly delivered: string | null;
}

const REPLY = /^[0-9a-f]{32}$/;

/** The replies in the outbox that are ours; all else there is passed over. */
export async function readOutbox(
  { folder }: Pick<Bundle, 'folder'>,
  replyKey: Uint8Array,
  receiptKeys: readonly Uint8Array[],
): Promise<readonly CarriedReply[]> {
  const carried: CarriedReply[] = [];
  const names: readonly string[] = await readdir(join(folder, 'outbox')).catch(() => []);
  for (const name of names) {
    if (!REPLY.test(name)) continue;
    const found = await readOwnEnvelope(join(folder, 'outbox', name), replyKey);
    if (found?.opening.parcel !== name) continue;
    carried.push({ opening: found.opening, delivered: await deliveredOn(found.envelope, replyKey, receiptKeys) });
  }
  return carried;
}

/** The envelope in a folder and its opening; null when our reply key did not sign it. */
export async function readOwnEnvelope(
  folder: string,
  replyKey: Uint8Array,
): Promise<{ readonly envelope: Envelope; readonly opening: ReplyOpening } | null> {
  const text = await readEnvelopeText(folder);
  if (text === null) return null;
  return orNull(async () => {
    const envelope = parseEnvelope(text);
    return { envelope, opening: await openReplyOpening(envelope.opening, replyKey) };
  });
}

async function deliveredOn(
  { parcel, seal, receipt }: Envelope,
  replyKey: Uint8Array,
  receiptKeys: readonly Uint8Array[],
): Promise<string | null> {
  if (seal === null || receipt === null) return null;
  const sealed = await orNull(() => openSeal(seal, replyKey, 'reply'));
  for (const key of receiptKeys) {
    const given = await orNull(() => openReceipt(receipt, key));
    if (given !== null && given.parcel === parcel && sealed?.parcel === parcel && given.root === sealed.root)
      return given.received;
  }
  return null;
}

/** The value, or null where a Problem says that it does not hold. */
async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error)) throw error;
    return null;
  }
}
