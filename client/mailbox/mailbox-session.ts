/** A page's way to a mailbox: wires it to this browser's requests, clock, randomness and a worker that opens replies. */
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import type { Card } from '../../shared/statements/card.ts';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import { backoff } from '../upload/backoff.ts';
import { systemClock } from '../upload/clock.ts';
import { createGate } from '../upload/gate.ts';
import { createLaneCount } from '../upload/lane-count.ts';
import type { Link, Trouble } from '../upload/link.ts';
import { createSlices } from '../upload/slices.ts';
import { systemRandom } from '../upload/system-random.ts';
import { createXhrTransport } from '../upload/xhr-transport.ts';
import type { WorkState } from '../work/solve-work.ts';
import { createMailbox } from './create-mailbox.ts';
import type { Mailbox } from './mailbox.ts';
import { openReply } from './open-reply.ts';
import { createOpener } from './opener.ts';
import type { OpenedReply, ReadingOptions } from './reply.ts';
import { startOpenWorker } from './start-open-worker.ts';

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

/**
 * `onTrouble` tells when the server cannot be reached, and when it can again; `onWork` how far this computer is in working for its place, and
 * with null that it need not any more.
 */
export function startMailboxSession(input: {
  readonly keys: CodenameKeys;
  readonly card: Card;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly onWork: (state: WorkState | null) => void;
}): MailboxSession {
  const { keys, card, onTrouble, onWork } = input;
  const gate = createGate(systemClock);
  const link: Link = {
    transport: createXhrTransport(),
    clock: systemClock,
    random: systemRandom,
    gate,
    slices: createSlices(),
    lanes: createLaneCount(),
    onTrouble,
    onWork,
  };
  const mailbox = createMailbox({ key: keys.mailbox, card, link });
  const rest = (attempts: number) => gate.rest(backoff(attempts, systemRandom));
  const opener = createOpener({ start: startOpenWorker, rest });
  addEventListener('online', gate.wake);
  return {
    mailbox,
    openReply: (opening, options = {}) =>
      openReply({ mailbox, opening, keys, card, startReader: opener.startReader, ...options }),
    end() {
      removeEventListener('online', gate.wake);
      gate.end();
      opener.end();
    },
  };
}
