/** The texts of the files in a key folder: plain lines that a person can print and back up, parsed strictly. */
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { parseDay, parseNumber } from '../../shared/statements/fields.ts';
import { Problem } from '../../shared/problem/problem.ts';

export type RecipientKind = 'hybrid' | 'classic';

/** What the keys are for. */
export interface Organisation {
  readonly name: string;
  readonly kind: RecipientKind;
  readonly demo: boolean;
}

/** An age identity and the days, both included, on which sources may encrypt to it. */
export interface DatedIdentity {
  readonly from: string;
  readonly until: string;
  readonly recipient: string;
  readonly identity: string;
}

/** A key card that was issued: its serial, its day, the receipt key that it names and the SHA-256 of its note in hex. */
export interface IssuedCard {
  readonly serial: number;
  readonly issued: string;
  readonly receiptKey: Uint8Array;
  readonly sha256: string;
}

/** A private key file holds one line: what the key is, and its 32-byte Ed25519 seed. */
export type SeedName = 'postern-root-key' | 'postern-reply-key' | 'postern-desk-key';

const DAYS = String.raw`(\d{4}-\d{2}-\d{2})`;
const ORGANISATION = /^postern-keys 1\norganisation ([^\n]+)\nkind (hybrid|classic)\ndemo (yes|no)\n$/;
const IDENTITY = new RegExp(
  String.raw`# from ${DAYS} until ${DAYS}\n# public key: (age1[0-9a-z]+)\n(AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+)\n`,
  'y',
);
const ISSUED = new RegExp(String.raw`(\d+) ${DAYS} ([A-Za-z0-9_-]{43}) ([0-9a-f]{64})\n`, 'y');

export function organisationText({ name, kind, demo }: Organisation): string {
  return `postern-keys 1\norganisation ${name}\nkind ${kind}\ndemo ${demo ? 'yes' : 'no'}\n`;
}

/** Problem `encoding-invalid` on any other text; so for all parsers here. */
export function parseOrganisation(text: string): Organisation {
  const match = ORGANISATION.exec(text);
  if (!match) throw new Problem('encoding-invalid');
  return { name: match[1]!, kind: match[2] === 'hybrid' ? 'hybrid' : 'classic', demo: match[3] === 'yes' };
}

export function seedText(name: SeedName, seed: Uint8Array): string {
  return `${name} ${toBase64Url(seed)}\n`;
}

export function parseSeed(name: SeedName, text: string): Uint8Array {
  if (!text.startsWith(`${name} `) || !text.endsWith('\n')) throw new Problem('encoding-invalid');
  return fromBase64Url(text.slice(name.length + 1, -1), 32);
}

/** An age identity file: stock tools skip the comment lines. */
export function identitiesText(identities: readonly DatedIdentity[]): string {
  return identities
    .map((i) => `# from ${i.from} until ${i.until}\n# public key: ${i.recipient}\n${i.identity}\n`)
    .join('');
}

export function parseIdentities(text: string): DatedIdentity[] {
  return matchAll(IDENTITY, text, ([, from, until, recipient, identity]) => ({
    from: parseDay(from!),
    until: parseDay(until!),
    recipient: recipient!,
    identity: identity!,
  }));
}

const LOCK = /^# folder\n# public key: age1[0-9a-z]+\n(AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+)\n/;

/** As identitiesText, with the identity that guards the other secrets of the folder before the others. */
export function sealedIdentitiesText(lock: string, recipient: string, identities: readonly DatedIdentity[]): string {
  return `# folder\n# public key: ${recipient}\n${lock}\n${identitiesText(identities)}`;
}

export function parseSealedIdentities(text: string): { lock: string; identities: DatedIdentity[] } {
  const match = LOCK.exec(text);
  if (!match) throw new Problem('encoding-invalid');
  return { lock: match[1]!, identities: parseIdentities(text.slice(match[0].length)) };
}

export function issuedCardsText(cards: readonly IssuedCard[]): string {
  return cards.map((card) => `${card.serial} ${card.issued} ${toBase64Url(card.receiptKey)} ${card.sha256}\n`).join('');
}

export function parseIssuedCards(text: string): IssuedCard[] {
  const cards = matchAll(ISSUED, text, ([, serial, issued, receiptKey, sha256]) => ({
    serial: parseNumber(serial!),
    issued: parseDay(issued!),
    receiptKey: fromBase64Url(receiptKey!, 32),
    sha256: sha256!,
  }));
  if (cards.some((card, i) => card.serial !== i + 1)) throw new Problem('encoding-invalid');
  return cards;
}

/** Cuts all of `text` into matches of a sticky pattern; a rest that does not match is refused. */
function matchAll<T>(pattern: RegExp, text: string, read: (match: RegExpExecArray) => T): T[] {
  const found: T[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) throw new Problem('encoding-invalid');
    found.push(read(match));
  }
  return found;
}
