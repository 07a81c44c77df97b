/** The server's receipt for a bound parcel, out of a bundle, with the card that names the key of it and the proof that it is in the server's log. */
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { logProofIn, parseEnvelope } from '../../shared/protocol/envelope.ts';
import { openCard } from '../../shared/statements/card.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { openLogProof } from '../../shared/tlog/log-proof.ts';
import { parcelFolder, readBundle, readEnvelopeText } from '../case/bundle.ts';
import { Failure } from '../failure.ts';
import type { BoundFile } from './bound-bag.ts';
import { MAX_NOTE_BYTES } from './proof-files.ts';

export interface FoundReceipt {
  readonly card: string;
  readonly receipt: string;
  /** Null where the bundle has none, or none that holds. */
  readonly log: string | null;
}

/** Failure `proof-receipt` when there is none that the key of the bundle's card signed for this parcel and seal. */
export async function findReceipt(
  folder: string,
  { parcel, seal }: BoundFile,
  rootKey: Uint8Array,
): Promise<FoundReceipt> {
  const bundle = await readBundle(folder);
  const text = await readEnvelopeText(parcelFolder(bundle, parcel));
  try {
    const { card } = bundle;
    const envelope = text === null ? null : parseEnvelope(text);
    const receipt = envelope?.receipt ?? null;
    if (card !== null && receipt !== null && utf8Encode(receipt).length <= MAX_NOTE_BYTES) {
      const { receiptKey } = await openCard(card, rootKey);
      const said = await openReceipt(receipt, receiptKey);
      const log = await soundLog(envelope === null ? null : logProofIn(envelope), receipt, receiptKey);
      if (said.parcel === parcel && said.root === seal) return { card, receipt, log };
    }
  } catch (error) {
    if (!isProblem(error)) throw error;
  }
  throw new Failure('proof-receipt', { folder });
}

/** What is wrong with a proof in a bundle is told by `desk verify`; here it is as good as none. */
async function soundLog(proof: string | null, receipt: string, receiptKey: Uint8Array): Promise<string | null> {
  if (proof === null) return null;
  try {
    await openLogProof(proof, receipt, receiptKey);
    return proof;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return null;
  }
}
