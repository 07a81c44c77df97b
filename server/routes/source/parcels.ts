/** Parcels as their sender sees them: opened, looked at, sealed. Each call can be made again without harm. */
import type { FastifyInstance } from 'fastify';
import { equalBytes } from '../../../shared/bytes/equal.ts';
import type { SigningKey } from '../../../shared/crypto/ed25519.ts';
import { Problem } from '../../../shared/problem/problem.ts';
import { openRequest, sealRequest } from '../../../shared/protocol/messages.ts';
import type { ParcelStatus } from '../../../shared/protocol/messages.ts';
import { parse } from '../../../shared/protocol/parse.ts';
import { PARCELS_ROUTE } from '../../../shared/protocol/routes.ts';
import { openOpening, openedParts } from '../../../shared/statements/opening.ts';
import { signReceipt } from '../../../shared/statements/receipt.ts';
import { openSeal } from '../../../shared/statements/seal.ts';
import type { Room } from '../../guard/room.ts';
import { createMerkleStream } from '../../store/merkle-stream.ts';
import type { MerkleStream } from '../../store/merkle-stream.ts';
import type { CardFile } from '../../store/card-file.ts';
import type { Parcel, ParcelsTable } from '../../store/parcels.ts';

export interface ParcelServices {
  readonly parcels: ParcelsTable;
  readonly card: CardFile;
  readonly room: Room;
  readonly receiptKey: SigningKey;
  readonly today: () => string;
}

type ParcelParams = { Params: { parcel: string } };

/** Most bytes of ciphertext that a part has beyond its plaintext, for reckoning what a parcel will take. A header is far under its bound. */
const OVERHEAD = 16_384;
/** Missing ranges that are named in one answer. */
const MOST_MISSING = 100;
const HASHES_AT_ONCE = 5_000;

/** Registers opening, status and seal. */
export function registerParcels(app: FastifyInstance, services: ParcelServices): void {
  const { parcels } = services;
  app.post(PARCELS_ROUTE, async (request, reply) => {
    const { parcel, fresh } = await open(services, parse(openRequest, request.body).opening);
    return reply.code(fresh ? 201 : 200).send({ parcel });
  });

  app.get<ParcelParams>(`${PARCELS_ROUTE}/:parcel`, async ({ params }): Promise<ParcelStatus> => {
    const parcel = await find(parcels, params.parcel);
    const sealed = parcel.seal !== null;
    const finished: [number, number][] = sealed ? [[0, parcel.parts - 1]] : await parcels.finishedRanges(parcel.id);
    return { parts: parcel.parts, finished, sealed };
  });

  app.post<ParcelParams>(`${PARCELS_ROUTE}/:parcel/seal`, async (request) => {
    const { seal } = parse(sealRequest, request.body);
    return { receipt: await sealParcel(services, await find(parcels, request.params.parcel), seal) };
  });
}

/** The parcel of an id in an address. Problem `parcel-unknown`. */
export async function find(parcels: ParcelsTable, id: string): Promise<Parcel> {
  const parcel = /^[0-9a-f]{32}$/.test(id) ? await parcels.find(id) : null;
  if (parcel === null) throw new Problem('parcel-unknown');
  return parcel;
}

async function open(services: ParcelServices, note: string): Promise<{ parcel: string; fresh: boolean }> {
  const { parcels, room, today } = services;
  const opening = await openOpening(note);
  const parts = openedParts(opening);
  const there = await parcels.find(opening.parcel);
  if (there === null) {
    const { card } = await services.card.current();
    if (opening.card !== card.serial) throw new Problem('card-outdated', { serial: card.serial });
  }
  const needed = opening.size + parts * OVERHEAD;
  const { parcel, fresh } =
    there === null
      ? await parcels.open(
          { ...opening, id: opening.parcel, opening: note, parts, day: today() },
          OVERHEAD,
          (promised) => room.admit(needed, promised),
        )
      : { parcel: there, fresh: false };
  if (parcel.opening !== note || !equalBytes(parcel.mailbox, opening.mailbox)) throw new Problem('parcel-differs');
  return { parcel: parcel.id, fresh };
}

async function sealParcel(services: ParcelServices, parcel: Parcel, note: string): Promise<string> {
  const { parcels, receiptKey, today } = services;
  const seal = await openSeal(note, parcel.mailbox);
  if (seal.parcel !== parcel.id) throw new Problem('statement-mismatch');
  if (seal.partSize !== parcel.partSize || seal.parts !== parcel.parts) throw new Problem('seal-differs');
  if (parcel.seal !== null) return storedReceipt(parcel, note);

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
  return storedReceipt(sealed, note);
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

/** The receipt of a sealed parcel, for the seal that it has. Problem `parcel-sealed` for another seal. */
function storedReceipt({ seal, receipt }: Parcel, note: string): string {
  if (seal !== note || receipt === null) throw new Problem('parcel-sealed');
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
