/** A parcel's own statements: its opening, and once it is sealed, seal and receipt over the parts that are there. */
import { equalBytes } from '../../../shared/bytes/equal.ts';
import { openedParts, openOpening } from '../../../shared/statements/opening.ts';
import type { Opening } from '../../../shared/statements/opening.ts';
import { openReceipt } from '../../../shared/statements/receipt.ts';
import { openReplyOpening } from '../../../shared/statements/reply-opening.ts';
import { openSeal } from '../../../shared/statements/seal.ts';
import type { Seal } from '../../../shared/statements/seal.ts';
import type { StoredParcel } from '../../store/stored-rows.ts';
import type { FaultKind } from './faults.ts';

/** What is wrong with the opening, and the parcel as the opening has it: where that verifies, it is believed before the row. */
export async function checkOpening(row: StoredParcel): Promise<{ faults: FaultKind[]; parcel: StoredParcel }> {
  const opening = await openingOf(row);
  if (opening === null || opening.parcel !== row.id) return { faults: ['opening-invalid'], parcel: row };
  const { partSize, size, mailbox } = opening;
  const parts = openedParts(opening);
  const same =
    partSize === row.partSize && size === row.size && parts === row.parts && equalBytes(mailbox, row.mailbox);
  const sender = row.direction === 'submission' ? mailbox : row.sender;
  return { faults: same ? [] : ['opening-differs'], parcel: { ...row, partSize, size, parts, mailbox, sender } };
}

async function openingOf({ direction, opening, sender }: StoredParcel): Promise<Opening | null> {
  try {
    return await (direction === 'reply' ? openReplyOpening(opening, sender) : openOpening(opening));
  } catch {
    return null;
  }
}

/** The finished parts as they were found. */
export interface FoundParts {
  readonly count: number;
  /** Merkle root over their hashes. */
  readonly root: string;
}

/** What is wrong with seal and receipt of a sealed parcel. */
export async function checkSeal(parcel: StoredParcel, found: FoundParts, receiptKey: Uint8Array): Promise<FaultKind[]> {
  const { id, seal: note, receipt: answer, sealed, parts, partSize } = parcel;
  if (note === null || answer === null) return [];
  const faults: FaultKind[] = [];
  const whole = found.count === parts;
  if (!whole) faults.push('parts-missing');

  const seal = await sealOf(parcel, note);
  if (seal === null) faults.push('seal-invalid');
  else if (seal.parts !== parts || seal.partSize !== partSize || (whole && seal.root !== found.root))
    faults.push('seal-differs');

  const receipt = await openReceipt(answer, receiptKey).catch(() => null);
  if (receipt === null || receipt.parcel !== id) faults.push('receipt-invalid');
  else if (receipt.received !== sealed || (seal !== null && receipt.root !== seal.root)) faults.push('receipt-differs');
  return faults;
}

async function sealOf({ id, sender, direction }: StoredParcel, note: string): Promise<Seal | null> {
  const seal = await openSeal(note, sender, direction).catch(() => null);
  return seal?.parcel === id ? seal : null;
}
