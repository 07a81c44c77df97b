/** Looks into several parcels of a case, one after the other. */
import { createBeginningReader } from '../case/beginning.ts';
import { createPartOpener } from '../case/open-part.ts';
import { previewParcel } from '../case/preview.ts';
import { checkStillThere } from '../case/medium.ts';
import type { Preview } from '../case/preview.ts';
import type { Case } from './open-case.ts';

/** With `whole`, messages are read to their end. */
export async function previewAll(
  { bundle, receiptKeys, identities }: Case,
  parcels: readonly string[],
  whole: boolean,
): Promise<readonly Preview[]> {
  const readBeginning = createBeginningReader(createPartOpener(identities));
  const previews: Preview[] = [];
  for (const parcel of parcels)
    previews.push(await previewParcel(parcel, { bundle, receiptKeys, readBeginning, whole }));
  if (previews.some(({ findings }) => findings.has('envelope-missing') || findings.has('parts-missing')))
    await checkStillThere(bundle.folder);
  return previews;
}
