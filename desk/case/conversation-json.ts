/** Parcels and conversations as JSON. */
import { LINES } from '../conversation-text.ts';
import type { Conversation, Entry } from './conversation.ts';
import type { Preview } from './preview.ts';
import { findingsJson } from './report.ts';

/** A parcel as `list` tells it; `message` is its first lines. */
export function parcelJson(preview: Preview): Record<string, unknown> {
  const message = preview.message?.text.split('\n', LINES) ?? null;
  return { ...preview, message, ...findingsJson(preview.findings) };
}

/** A conversation. With `whole` each entry says all that is known of it; without, parcels are only named, since they stand beside. */
export function conversationJson({ mailbox, entries }: Conversation, whole: boolean): Record<string, unknown> {
  return { mailbox, entries: entries.map((entry) => entryJson(entry, whole)) };
}

function entryJson(entry: Entry, whole: boolean): Record<string, unknown> {
  if (entry.kind === 'reply') {
    const { number, day, reply, record, carried } = entry.reply;
    const { to = null, message = null, files = null } = record ?? {};
    const delivered = carried?.delivered ?? null;
    return { kind: 'reply', number, day, reply, to, message, files, inOutbox: carried !== null, delivered };
  }
  const { preview } = entry;
  if (!whole) return { kind: 'submission', parcel: preview.parcel };
  return {
    kind: 'submission',
    ...preview,
    message: preview.message?.text ?? null,
    messageWhole: preview.message?.whole ?? null,
    ...findingsJson(preview.findings),
  };
}
