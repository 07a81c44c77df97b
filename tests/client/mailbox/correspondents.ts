/** A source and an organisation for the tests of replies: keys, card, and the client's way to a reply. Not a test. */
import { createMailbox } from '../../../client/mailbox/create-mailbox.ts';
import { openReply } from '../../../client/mailbox/open-reply.ts';
import type { StartReader } from '../../../client/mailbox/open-reply.ts';
import type { Mailbox } from '../../../client/mailbox/mailbox.ts';
import { createRecentParts } from '../../../client/mailbox/recent-parts.ts';
import { createReplyReader } from '../../../client/mailbox/reply-reader.ts';
import type { OpenedReply, ReadingOptions } from '../../../client/mailbox/reply.ts';
import type { Transport } from '../../../client/upload/transport.ts';
import { nodeCipher } from '../../../desk/node-cipher.ts';
import { deriveCodename } from '../../../shared/codename/derive.ts';
import type { CodenameKeys } from '../../../shared/codename/derive.ts';
import { drawCodename } from '../../../shared/codename/draw.ts';
import { ed25519FromSeed } from '../../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../../shared/crypto/ed25519.ts';
import { createNobleSha256 } from '../../../shared/crypto/noble-sha256.ts';
import type { Card } from '../../../shared/statements/card.ts';
import type { ReplyOpening } from '../../../shared/statements/reply-opening.ts';
import { random } from '../../kit/random-bytes.ts';
import { testCardOf } from '../../kit/test-card.ts';
import { writeReply } from '../../kit/write-reply.ts';
import type { ReplyText, WrittenReply } from '../../kit/write-reply.ts';
import { testLink } from './stand-in.ts';

export interface Source {
  readonly keys: CodenameKeys;
  readonly mailbox: Mailbox;
  open(opening: ReplyOpening, options?: ReadingOptions): Promise<OpenedReply>;
}

export interface Organisation {
  readonly reply: SigningKey;
  readonly receipt: SigningKey;
  readonly card: Card;
  write(source: CodenameKeys, text: ReplyText): Promise<WrittenReply>;
}

/** Readers in this process, as a worker makes them. */
export function readersHere(): StartReader {
  const recent = createRecentParts();
  return (facts) => createReplyReader(facts, { provider: nodeCipher, createSha256: createNobleSha256, recent });
}

/** An organisation with fresh keys. */
export async function drawOrganisation(change: Partial<Card> = {}): Promise<Organisation> {
  const [root, reply, receipt] = await Promise.all([1, 2, 3].map(() => ed25519FromSeed(random(32))));
  const card = testCardOf({ root: root!, reply: reply!, receipt: receipt! }, change);
  const write: Organisation['write'] = ({ mailbox, replyRecipient }, text) =>
    writeReply(reply!, { mailbox: mailbox.publicKey, replyRecipient }, text);
  return { reply: reply!, receipt: receipt!, card, write };
}

/** Keys of a fresh codename, derived cheaply. */
export function drawKeys(card: Card): Promise<CodenameKeys> {
  return deriveCodename({ words: drawCodename(random), rootKey: card.rootKey, rounds: 10 });
}

/** The client of the source with these keys, over a transport. */
export function sourceOver(transport: Transport, keys: CodenameKeys, card: Card): Source {
  const mailbox = createMailbox({ key: keys.mailbox, card, link: testLink(transport) });
  const startReader = readersHere();
  return {
    keys,
    mailbox,
    open: (opening, options = {}) => openReply({ mailbox, opening, keys, card, startReader, ...options }),
  };
}
