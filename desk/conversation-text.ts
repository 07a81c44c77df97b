/** What the desk says about conversations and its own replies. Values that may come from a stranger are made printable here. */
import type { Conversation, Entry, OwnReply } from './case/conversation.ts';
import type { Preview } from './case/preview.ts';
import type { WrittenReply } from './reply/write-reply.ts';
import { count, formatSize } from './terminal/amounts.ts';
import { printable, printableStart } from './terminal/printable.ts';
import { findingLines } from './text.ts';

/** Lines of a message that a list shows, and characters of each. */
export const LINES = 4;
const CHARACTERS = 100;
/** Characters of a mailbox key by which people tell sources apart: 96 bits, so that nobody can make a key that looks like another's. */
const KEY_SHOWN = 16;
/** Digits of a parcel id by which people can tell them apart. */
const SHORT = 8;

/** A conversation in a list (first lines of each message) or by itself (whole messages). */
export function conversationText({ mailbox, entries }: Conversation, whole: boolean): string {
  const replies = entries.filter(({ kind }) => kind === 'reply').length;
  const sent =
    count(entries.length - replies, 'parcel') + (replies > 0 ? `, ${count(replies, 'reply', 'replies')}` : '');
  const head =
    mailbox === null
      ? `Of no proved source: ${sent}\n`
      : `Source ${mailbox.slice(0, KEY_SHOWN)}: ${sent}${entries.length - replies > 1 ? ', all signed by one mailbox key' : ''}\n`;
  return `${head}\n${entries.map((entry, i) => entryText(entry, mailbox !== null && hasSubmission(entries.slice(0, i)), whole)).join('\n')}`;
}

function hasSubmission(entries: readonly Entry[]): boolean {
  return entries.some(({ kind }) => kind === 'submission');
}

function entryText(entry: Entry, later: boolean, whole: boolean): string {
  return entry.kind === 'reply' ? replyText(entry.reply, whole) : submissionText(entry.preview, later, whole);
}

function submissionText(preview: Preview, later: boolean, whole: boolean): string {
  const { parcel, state, size, received, begun, parts, files, message, findings, proved } = preview;
  const facts = [
    state === 'unfinished' ? `unfinished: ${parts.stated} of ${count(parts.total, 'part')}` : state,
    ...(size === null ? [] : [formatSize(size)]),
    ...(received === null ? (begun === null ? [] : [`begun ${begun}`]) : [`received ${received}`]),
    ...(message === null ? [] : ['a message']),
    ...(files === null || (files === 0 && message !== null) ? [] : [count(files, 'file')]),
  ];
  const same = proved
    ? '  same source as before: the same mailbox key signed it\n'
    : '  opened with the same mailbox key; what is in it is not proved to come from there\n';
  return `${parcel}\n  ${facts.join('; ')}\n${later ? same : ''}${quoted(message, whole)}${findingLines(findings)}`;
}

function replyText({ number, day, record, carried }: OwnReply, whole: boolean): string {
  const facts = [
    `your reply ${number}`,
    ...(day === null ? [] : [`written ${day}`]),
    ...(record === null ? [] : [`to ${record.to.slice(0, SHORT)}`]),
    ...(carried === null ? [] : [carried.delivered === null ? 'not delivered yet' : `delivered ${carried.delivered}`]),
  ];
  const head = `${facts.join(', ')}\n`;
  if (record === null) return `${head}  what it says cannot be read with these keys, or was kept at another desk\n`;
  const { message, files } = record;
  const attached = files.map(({ path, size }) => `  + ${printable(path)} (${formatSize(size)})\n`).join('');
  return `${head}${quoted({ text: message, whole: true }, whole)}${attached}`;
}

function quoted(message: Preview['message'], whole: boolean): string {
  if (message === null) return '';
  if (!whole)
    return message.text
      .split('\n', LINES)
      .map((line) => `  | ${printableStart(line, CHARACTERS)}\n`)
      .join('');
  const lines = message.text.replace(/\n$/, '').split('\n');
  return `${lines.map((line) => `  | ${printable(line)}\n`).join('')}${message.whole ? '' : '  (the rest of the message is not here)\n'}`;
}

/** After a list: what of it was checked. */
export const LIST_END = '\nOnly the first part of each parcel was checked; desk verify checks all of it.\n';

/** After `desk reply`. */
export function writtenText({ record, folder, size, parts }: WrittenReply, bundle: string): string {
  const files = record.files.map((file) => `  + ${printable(file.path)} (${formatSize(file.size)})\n`).join('');
  return `Reply ${record.number} to the source of ${record.to}: ${formatSize(size)} in ${count(parts, 'part')}
${files}  written to ${printable(folder)}
Only the codename of this source opens it. courier push ${printable(bundle)} delivers it.
`;
}
