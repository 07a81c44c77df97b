/** Looks into several parcels of a case: a few one after the other, many in threads. */
import { createBeginningReader, MESSAGE_START } from '../case/beginning.ts';
import { createPartOpener } from '../case/open-part.ts';
import { previewParcel } from '../case/preview.ts';
import { checkStillThere } from '../case/medium.ts';
import type { Preview } from '../case/preview.ts';
import { previewMany } from '../case/preview-many.ts';
import { count } from '../terminal/amounts.ts';
import type { DeskContext } from './command.ts';
import type { Case } from './open-case.ts';

/** From this many parcels on it is worth starting threads. */
const MANY = 48;
/** Bytes of all messages together that are kept when not all of them is asked for; but of each at least what a list shows. */
const ALL_STARTS = 64 * 1_048_576;
const LEAST_START = 1_024;

/** With `whole`, messages are read to their end. */
export async function previewAll(
  { bundle, receiptKeys, identities }: Case,
  parcels: readonly string[],
  whole: boolean,
  { progress }: Pick<DeskContext, 'progress'>,
): Promise<readonly Preview[]> {
  const start = Math.max(LEAST_START, Math.min(MESSAGE_START, Math.floor(ALL_STARTS / Math.max(1, parcels.length))));
  const bar = progress.start('parcels', parcels.length, (number) => count(Math.floor(number), 'parcel'));
  let previews: readonly Preview[] = [];
  try {
    if (parcels.length >= MANY) {
      const data = { folder: bundle.folder, receiptKeys, identities, start: whole ? null : start };
      previews = await previewMany(parcels, data, (done) => bar.update(done));
    } else {
      const readBeginning = createBeginningReader(createPartOpener(identities), start);
      for (const parcel of parcels) {
        previews = [...previews, await previewParcel(parcel, { bundle, receiptKeys, readBeginning, whole })];
        bar.update(previews.length);
      }
    }
  } finally {
    bar.end();
  }
  if (previews.some(({ findings }) => findings.has('envelope-missing') || findings.has('parts-missing')))
    await checkStillThere(bundle.folder);
  return previews;
}
