/** The mailbox over HTTP: docs/protocol.md, "Mailbox". */
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { Problem } from '../../shared/problem/problem.ts';
import type { Card } from '../../shared/statements/card.ts';
import type { Exchange, Link } from '../upload/link.ts';
import type { Mailbox } from './mailbox.ts';

export interface MailboxInput {
  /** The codename's mailbox key. */
  readonly key: SigningKey;
  /** The current card: its reply key must have signed every reply, its receipt key every receipt. */
  readonly card: Card;
  readonly link: Link;
  /** The exchanges of a submission over the same link, so that both are counted together; its own when left out. */
  readonly exchange?: () => Exchange;
}

/** Nothing is asked before the first call. */
export function createMailbox(input: MailboxInput): Mailbox {
  throw new Problem('internal', { card: input.card.serial });
}
