/** The opening of a reply: staff's signed word, before the first part, of what it will be and for whose mailbox it is meant. */
import { toBase64Url } from '../bytes/base64.ts';
import type { SigningKey } from '../crypto/ed25519.ts';
import { readFields, writeFields } from './fields.ts';
import { openNote, signNote, unverifiedText } from './note.ts';
import { extentFields, readExtent } from './opening.ts';
import type { Opening } from './opening.ts';

/** `mailbox` is whom it is for; `card` the serial of the card that names the reply key. */
export interface ReplyOpening extends Opening {
  /** Counts the replies of one desk to one mailbox, from 1: the order in which they were written. */
  readonly number: number;
  /** The day on which it was written. */
  readonly day: string;
}

/** Signs the opening of a reply with the card's reply key. Problem `note-invalid`. */
export async function signReplyOpening(opening: ReplyOpening, replyKey: SigningKey): Promise<string> {
  const text = writeFields('postern/reply-opening/v1', [
    ['parcel', opening.parcel],
    ['mailbox', toBase64Url(opening.mailbox)],
    ['number', opening.number],
    ['day', opening.day],
    ...extentFields(opening),
  ]);
  return signNote(text, 'postern-reply', replyKey);
}

/** The opening in a note signed by the reply key. Problems `note-invalid`, `signature-wrong`. */
export async function openReplyOpening(note: string, replyKey: Uint8Array): Promise<ReplyOpening> {
  return readReplyOpening(await openNote(note, 'postern-reply', replyKey));
}

/** What a note says before its signature has been looked at. Problem `note-invalid`. */
export function unverifiedReplyOpening(note: string): ReplyOpening {
  return readReplyOpening(unverifiedText(note));
}

function readReplyOpening(text: string): ReplyOpening {
  const fields = readFields(text, 'postern/reply-opening/v1');
  const opening: ReplyOpening = {
    parcel: fields.parcel(),
    mailbox: fields.key('mailbox'),
    number: fields.number('number'),
    day: fields.day('day'),
    ...readExtent(fields),
  };
  fields.end();
  return opening;
}
