/** Sealing a parcel, whichever way it travels: all parts are here, the seal is over them and from the sender; then the server signs a receipt. */
import type { SigningKey } from '../../../shared/crypto/ed25519.ts';
import { Problem } from '../../../shared/problem/problem.ts';
import { signReceipt } from '../../../shared/statements/receipt.ts';
import { openSeal } from '../../../shared/statements/seal.ts';
import type { Seal } from '../../../shared/statements/seal.ts';
import { createMerkleStream } from '../../store/merkle-stream.ts';
import type { MerkleStream } from '../../store/merkle-stream.ts';
import type { Parcel, ParcelsTable } from '../../store/parcels.ts';

export interface SealServices {
  readonly parcels: ParcelsTable;
  readonly receiptKey: SigningKey;
  readonly today: () => string;
}

/** Missing ranges that are named in one answer. */
const MOST_MISSING = 100;
const HASHES_AT_ONCE = 5_000;

/**
 * The receipt for a seal, stored with it. Problems `note-invalid`, `signature-wrong`, `statement-mismatch`, `seal-differs`,
 * `parts-missing`, `parcel-sealed`.
 */
export async function sealParcel(services: SealServices, parcel: Parcel, note: string): Promise<string> {
  const { parcels, receiptKey, today } = services;
  const seal = await openSeal(note, parcel.sender, parcel.direction);
  if (seal.parcel !== parcel.id) throw new Problem('statement-mismatch');
  if (parcel.seal !== null) return storedReceipt(parcel, seal);
  if (seal.partSize !== parcel.partSize || seal.parts !== parcel.parts) throw new Problem('seal-differs');

  const tree = await treeOf(parcels, parcel.id);
  if (tree.count !== parcel.parts) {
    const missing = gaps(await parcels.finishedRanges(parcel.id), parcel.parts);
    if (missing.length > 0) throw new Problem('parts-missing', { missing: missing.slice(0, MOST_MISSING) });
    return sealParcel(services, parcel, note);
  }
  // Every part is whole, and a whole part never changes: nothing can move between this reckoning and the seal.
  if (tree.root() !== seal.root) throw new Problem('seal-differs');
  const day = today();
  const receipt = await signReceipt({ parcel: parcel.id, root: seal.root, received: day }, receiptKey);
  const sealed = await parcels.seal(parcel.id, note, receipt, day);
  if (sealed === null) throw new Problem('parcel-unknown');
  return storedReceipt(sealed, seal);
}

/** The Merkle tree over the finished parts. */
async function treeOf(parcels: ParcelsTable, id: string): Promise<MerkleStream> {
  const tree = createMerkleStream();
  for (let after = -1; ;) {
    const rows = await parcels.hashes(id, after, HASHES_AT_ONCE);
    for (const { sha256 } of rows) tree.push(sha256);
    if (rows.length < HASHES_AT_ONCE) return tree;
    after = rows.at(-1)!.seq;
  }
}

/**
 * The receipt of a sealed parcel, for every seal over its root. The root stands in the receipt, and who has the codename can sign any seal: one
 * that names the right number of parts must not be told from others. Problem `parcel-sealed` for another root.
 */
async function storedReceipt({ seal, receipt, sender, direction }: Parcel, { root }: Seal): Promise<string> {
  if (seal === null || receipt === null) throw new Problem('internal');
  if ((await openSeal(seal, sender, direction)).root !== root) throw new Problem('parcel-sealed');
  return receipt;
}

/** The inclusive ranges from 0 to `count` - 1 that `ranges` leave out. */
export function gaps(ranges: readonly (readonly [number, number])[], count: number): [number, number][] {
  const missing: [number, number][] = [];
  let next = 0;
  for (const [from, to] of [...ranges, [count, count] as const]) {
    if (from > next) missing.push([next, from - 1]);
    next = to + 1;
  }
  return missing;
}
