/** A page's way to a mailbox: wires it to this browser's requests, clock, randomness and a worker that decrypts. */
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import { Problem } from '../../shared/problem/problem.ts';
import type { Card } from '../../shared/statements/card.ts';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import type { Trouble } from '../upload/link.ts';
import type { Mailbox } from './mailbox.ts';
import type { OpenedReply, ReadingOptions } from './reply.ts';

export interface MailboxSession {
  readonly mailbox: Mailbox;
  /**
   * Fetches as much of a reply as its words and the list of its files need, and proves it. Problem `reply-refused` when anything is not as
   * the organisation signed it, `limit-exceeded` when it is larger than a reply may be (then nothing is fetched).
   */
  openReply(opening: ReplyOpening, options?: ReadingOptions): Promise<OpenedReply>;
  /** Ends what is under way with an AbortError, and the worker. */
  end(): void;
}

/** `onTrouble` tells when the server cannot be reached, and when it can again. */
export function startMailboxSession(input: {
  readonly keys: CodenameKeys;
  readonly card: Card;
  readonly onTrouble: (trouble: Trouble) => void;
}): MailboxSession {
  throw new Problem('internal', { card: input.card.serial });
}
