/** Opens a reply: fetches its parts as they are needed, and gives out nothing that was not proved to be the organisation's. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import type { Card } from '../../shared/statements/card.ts';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import type { Mailbox } from './mailbox.ts';
import { checkReplySize, proveEnvelope } from './prove-envelope.ts';
import { refusing } from './refusing.ts';
import { createFileReading } from './read-reply-file.ts';
import type { ReplyIndex } from './reply-index.ts';
import type { ReplyFacts, ReplyReader } from './reply-reader.ts';
import type { OpenedReply, ReadingOptions } from './reply.ts';

/** Begins to read a reply, here or in a worker. */
export type StartReader = (facts: ReplyFacts) => ReplyReader | Promise<ReplyReader>;

export interface OpenReplyInput extends ReadingOptions {
  readonly mailbox: Pick<Mailbox, 'replyEnvelope' | 'replyPart'>;
  /** From the mailbox's list, so verified. */
  readonly opening: ReplyOpening;
  readonly keys: Pick<CodenameKeys, 'replyIdentity'>;
  readonly card: Card;
  readonly startReader: StartReader;
}

/** Problem `limit-exceeded` for a reply that is too large, before anything of it is fetched; `reply-refused` for one that does not hold. */
export async function openReply(input: OpenReplyInput): Promise<OpenedReply> {
  const { mailbox, opening, keys, card, startReader, signal, onProgress } = input;
  const { parcel, partSize, size } = opening;
  checkReplySize(opening);
  const text = await mailbox.replyEnvelope(parcel, signal);
  return refusing(async () => {
    const parts = await proveEnvelope(text, opening, card);
    const sender = toBase64Url(card.replyKey);
    const reader = await startReader({ parcel, partSize, size, sender, identity: keys.replyIdentity });
    const fetchPart = (part: number, stop = signal) => mailbox.replyPart(parcel, part, parts[part]!, stop);

    let index: ReplyIndex | null = null;
    for (let part = 0; index === null;) {
      onProgress?.({ done: part * partSize, total: size });
      const step = await reader.take(part, await fetchPart(part));
      if (step.kind === 'index') ({ index } = step);
      else ({ part } = step);
    }
    onProgress?.({ done: size, total: size });
    return {
      opening,
      message: index.message,
      files: index.files.map(({ path, size: length }, i) => ({ index: i, path, size: length })),
      ...createFileReading({ index, partSize, reader, fetchPart }),
    };
  });
}
