/** Which parcels of a bundle a mailbox opened: by their openings alone, each signed by the mailbox that it names. */
import { equalBytes } from '../../shared/bytes/equal.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { parseEnvelope } from '../../shared/protocol/envelope.ts';
import { openOpening } from '../../shared/statements/opening.ts';
import { parcelFolder, readEnvelopeText } from './bundle.ts';
import type { Bundle } from './bundle.ts';

/** Parcel ids, in the order of the bundle. */
export async function parcelsOf(bundle: Bundle, mailbox: Uint8Array): Promise<readonly string[]> {
  const found: string[] = [];
  for (const parcel of bundle.parcels) {
    const owner = await mailboxOf(bundle, parcel);
    if (owner !== null && equalBytes(owner, mailbox)) found.push(parcel);
  }
  return found;
}

/** The mailbox that opened a parcel; null when that is not proved. */
export async function mailboxOf(bundle: Bundle, parcel: string): Promise<Uint8Array | null> {
  const text = await readEnvelopeText(parcelFolder(bundle, parcel));
  try {
    const opening = text === null ? null : await openOpening(parseEnvelope(text).opening);
    return opening?.parcel === parcel ? opening.mailbox : null;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return null;
  }
}
