/** The server's receipt for a bound parcel, out of a bundle, with the card that names the key of it. */
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { parseEnvelope } from '../../shared/protocol/envelope.ts';
import { openCard } from '../../shared/statements/card.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { parcelFolder, readBundle, readEnvelopeText } from '../case/bundle.ts';
import { Failure } from '../failure.ts';
import type { BoundFile } from './bound-bag.ts';
import { MAX_NOTE_BYTES } from './proof-files.ts';

/** Failure `proof-receipt` when there is none that the key of the bundle's card signed for this parcel and seal. */
export async function findReceipt(
  folder: string,
  { parcel, seal }: BoundFile,
  rootKey: Uint8Array,
): Promise<{ card: string; receipt: string }> {
  const bundle = await readBundle(folder);
  const text = await readEnvelopeText(parcelFolder(bundle, parcel));
  try {
    const { card } = bundle;
    const receipt = text === null ? null : parseEnvelope(text).receipt;
    if (card !== null && receipt !== null && utf8Encode(receipt).length <= MAX_NOTE_BYTES) {
      const said = await openReceipt(receipt, (await openCard(card, rootKey)).receiptKey);
      if (said.parcel === parcel && said.root === seal) return { card, receipt };
    }
  } catch (error) {
    if (!isProblem(error)) throw error;
  }
  throw new Failure('proof-receipt', { folder });
}
