/** From what is prepared to the receipt. A server that came back from a backup has lost some parts of what it had: those are made and sent again. */
import { fromHex } from '../../shared/bytes/hex.ts';
import { partCount } from '../../shared/parcel/parts.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import type { Receipt } from '../../shared/statements/receipt.ts';
import { createMailbox } from '../mailbox/create-mailbox.ts';
import type { Course } from './course.ts';
import { openPartsThere } from './parts-there.ts';
import type { PartsThere } from './parts-there.ts';
import type { Prepared } from './prepared.ts';
import { sealParcel } from './seal-parcel.ts';
import { sendParcel } from './send-parcel.ts';
import { NO_PACE } from './submission-state.ts';

/** The receipt and its note. Rejects with the first Problem. */
export async function sendAndSeal(course: Course, prepared: Prepared): Promise<Receipt & { readonly note: string }> {
  const { link, exchange, card, store, telling } = course;
  const { parcel, partSize } = prepared.opening;
  const parts = partCount(prepared.plan.layout.paddedSize, partSize);
  for (let { there } = prepared; ;) {
    const hashes = await sendParcel(course, { ...prepared, there });
    telling.now();
    store.change({ stage: 'sealing', pace: NO_PACE });
    try {
      return await sealParcel(link, exchange(), { parcel, partSize, hashes, mailbox: prepared.mailbox, card });
    } catch (error) {
      if (!isProblem(error, 'parts-missing')) throw error;
      there = await partsNow(course, prepared);
      // A server that has them all and says that it has not would be sent the same without end.
      if (there.size === parts) throw error;
    }
  }
}

/** What the server has now. */
async function partsNow({ link, exchange, card, provider }: Course, prepared: Prepared): Promise<PartsThere> {
  const { mailbox: key, listKey, plan } = prepared;
  const opening = { ...prepared.opening, size: plan.layout.paddedSize };
  const finished = await createMailbox({ key, card, link, exchange }).finishedParts(opening.parcel);
  if (listKey !== null) return openPartsThere(finished, { opening, listKey, provider });
  // Without a ledger there are no records.
  return new Map(finished.map(({ statement: { part, sha256 } }) => [part, { sha256: fromHex(sha256), record: null }]));
}
