/** A submission that is sent for the first time: it is opened, and what a later browser must know of it is put on the server, sealed. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import { DEFAULT_PART_SIZE } from '../../shared/parcel/parts.ts';
import { openAnswer } from '../../shared/protocol/messages.ts';
import { PARCELS_ROUTE } from '../../shared/protocol/routes.ts';
import { recipientsOn } from '../../shared/statements/card.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { signOpening } from '../../shared/statements/opening.ts';
import { askServer } from './ask-server.ts';
import type { Course, Effects } from './course.ts';
import { startEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { drawParcel, entriesOf, planParcel } from './parcel-plan.ts';
import { NOTHING_THERE } from './parts-there.ts';
import type { Prepared } from './prepared.ts';
import type { PickedFile } from './submission-types.ts';
import { writeLedger } from './write-ledger.ts';

export interface FirstSendingInput extends Effects {
  readonly files: readonly PickedFile[];
  /** Null when there is none; never empty. */
  readonly message: string | null;
  readonly keys: Promise<CodenameKeys>;
  readonly partSize?: number;
}

/** Starts at once. */
export function startFirstSending(input: FirstSendingInput): Engine {
  return startEngine(input, (course) => prepare(course, input));
}

async function prepare(course: Course, input: FirstSendingInput): Promise<Prepared> {
  const { card, clock, link, exchange, store } = course;
  const { files, message, partSize = DEFAULT_PART_SIZE } = input;
  const day = dayOf(clock.now());
  const recipients = recipientsOn(card, day);
  const keys = await input.keys;
  const { mailbox, replyRecipient } = keys;
  const parcel = drawParcel(input.random);
  const entries = entriesOf(files);
  const sender = toBase64Url(mailbox.publicKey);
  const plan = planParcel({ parcel, entries, picked: files, message, sender, replyRecipient, day });
  const size = plan.layout.paddedSize;
  store.change({ total: size });
  await askServer(link, exchange(), {
    path: PARCELS_ROUTE,
    body: {
      opening: await signOpening({ parcel, mailbox: mailbox.publicKey, card: card.serial, partSize, size }, mailbox),
    },
    schema: openAnswer,
    final: ['quota-reached', 'storage-full'],
  });
  const words = message === null ? null : utf8Encode(message);
  const closing = words === null ? null : { size: words.length, sha256: await sha256(words) };
  const ledger = await writeLedger(course, { keys, parcel, day, entries, picked: files, message: closing });
  return {
    plan,
    opening: { parcel, partSize },
    mailbox,
    recipients,
    writer: 0,
    there: NOTHING_THERE,
    listKey: ledger?.listKey ?? null,
    knownHash: (index) =>
      index < plan.before ? (closing?.sha256 ?? null) : (ledger?.hashes[index - plan.before] ?? null),
  };
}
