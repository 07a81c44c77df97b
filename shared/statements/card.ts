/** The key card: what an organisation's offline root key says about whom to encrypt to, for how long, and who signs replies and receipts. */
import { toBase64Url } from '../bytes/base64.ts';
import { equalBytes } from '../bytes/equal.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { SigningKey } from '../crypto/ed25519.ts';
import { Problem } from '../problem/problem.ts';
import { parseDay, readFields, writeFields } from './fields.ts';
import type { FieldReader } from './fields.ts';
import { openNote, signNote, unverifiedText } from './note.ts';

/** An age recipient and the days, both included, on which it may be encrypted to. */
export interface CardRecipient {
  readonly from: string;
  readonly until: string;
  readonly recipient: string;
}

export interface Card {
  readonly organisation: string;
  readonly rootKey: Uint8Array;
  /** 1 for the first card, higher for each later one. */
  readonly serial: number;
  readonly issued: string;
  /** SHA-256, in hex, of the note of the card this one replaces. */
  readonly replaces: string | null;
  /** True for a demonstration that nobody reads. */
  readonly demo: boolean;
  readonly replyKey: Uint8Array;
  readonly receiptKey: Uint8Array;
  readonly recipients: readonly CardRecipient[];
}

export const MAX_RECIPIENTS = 16;
/** The longest name of an organisation, in UTF-16 units. */
export const ORGANISATION_LENGTH = 120;
const RECIPIENT = /^age1[a-z0-9]{20,2500}$/;

/** Signs a card with the root key; `card.rootKey` must be its public key. Problems `card-untrusted`, `note-invalid`. */
export async function signCard(card: Card, root: SigningKey): Promise<string> {
  if (!equalBytes(card.rootKey, root.publicKey)) throw new Problem('card-untrusted');
  checkCard(card);
  const text = writeFields('postern/card/v1', [
    ['organisation', card.organisation],
    ['root', toBase64Url(card.rootKey)],
    ['serial', card.serial],
    ['issued', card.issued],
    ['replaces', card.replaces ?? 'none'],
    ['demo', card.demo ? 'yes' : 'no'],
    ['reply-key', toBase64Url(card.replyKey)],
    ['receipt-key', toBase64Url(card.receiptKey)],
    ...card.recipients.map((r) => ['recipient', `${r.from} ${r.until} ${r.recipient}`] as const),
  ]);
  return signNote(text, 'postern-root', root);
}

/** The card in a note, once the pinned root key's signature holds. Problems `card-untrusted`, `note-invalid`. */
export async function openCard(note: string, rootKey: Uint8Array): Promise<Card> {
  const text = await openNote(note, 'postern-root', rootKey).catch((error: unknown) => {
    throw error instanceof Problem && error.code === 'signature-wrong' ? new Problem('card-untrusted') : error;
  });
  const fields = readFields(text, 'postern/card/v1');
  const card: Card = {
    organisation: fields.text('organisation'),
    rootKey: fields.key('root'),
    serial: fields.number('serial'),
    issued: fields.day('issued'),
    replaces: fields.textOrNone('replaces', (value) => toHex(fromHex(value, 32))),
    demo: fields.flag('demo'),
    replyKey: fields.key('reply-key'),
    receiptKey: fields.key('receipt-key'),
    recipients: readRecipients(fields),
  };
  fields.end();
  if (!equalBytes(card.rootKey, rootKey)) throw new Problem('card-untrusted');
  checkCard(card);
  return card;
}

/** The root key that a card names, before anything of it is believed: only good for comparing it with a fingerprint. Problem `note-invalid`. */
export function rootNamedIn(note: string): Uint8Array {
  const fields = readFields(unverifiedText(note), 'postern/card/v1');
  fields.text('organisation');
  return fields.key('root');
}

function readRecipients(fields: FieldReader): CardRecipient[] {
  const recipients: CardRecipient[] = [];
  while (fields.more('recipient') && recipients.length < MAX_RECIPIENTS) {
    const [from, until, recipient, ...rest] = fields.text('recipient').split(' ');
    if (from === undefined || until === undefined || recipient === undefined || rest.length > 0)
      throw new Problem('note-invalid');
    recipients.push({ from, until, recipient });
  }
  return recipients;
}

/** The recipients of a card that may be used on a day. Problem `card-expired` when there are none, or the card was issued later. */
export function recipientsOn(card: Card, day: string): readonly string[] {
  const valid = card.recipients.filter((r) => r.from <= day && day <= r.until);
  if (day < card.issued || valid.length === 0) throw new Problem('card-expired');
  return valid.map((r) => r.recipient);
}

function checkCard(card: Card): void {
  const kinds = new Set(card.recipients.map((r) => r.recipient.startsWith('age1pq1')));
  const good =
    card.organisation.length <= ORGANISATION_LENGTH &&
    parseDay(card.issued) === card.issued &&
    card.serial >= 1 &&
    card.recipients.length >= 1 &&
    card.recipients.length <= MAX_RECIPIENTS &&
    kinds.size === 1 &&
    card.recipients.every((r) => parseDay(r.from) <= parseDay(r.until) && RECIPIENT.test(r.recipient));
  if (!good) throw new Problem('note-invalid');
}
