/** A reply of our own as the page shows it. */
import type { OwnReply } from '../case/conversation.ts';
import type { ReplyView } from '../viewer/api.ts';

export function replyView({ number, day, record, carried }: OwnReply): ReplyView {
  return {
    number,
    day,
    message: record?.message ?? null,
    files: record?.files.map(({ path, size }) => ({ name: path, size })) ?? null,
    inOutbox: carried !== null,
    delivered: carried?.delivered ?? null,
  };
}
