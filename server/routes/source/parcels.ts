/** Parcels as their sender sees them: opened, looked at, sealed. Each call can be made again without harm. */
import type { FastifyInstance } from 'fastify';
import { equalBytes } from '../../../shared/bytes/equal.ts';
import type { SigningKey } from '../../../shared/crypto/ed25519.ts';
import { Problem } from '../../../shared/problem/problem.ts';
import { openRequest, sealRequest } from '../../../shared/protocol/messages.ts';
import type { ParcelStatus } from '../../../shared/protocol/messages.ts';
import { parse } from '../../../shared/protocol/parse.ts';
import { PARCELS_ROUTE } from '../../../shared/protocol/routes.ts';
import { WORK_HEADER } from '../../../shared/protocol/work.ts';
import type { Direction } from '../../../shared/statements/direction.ts';
import { openOpening, openedParts } from '../../../shared/statements/opening.ts';
import type { Admission } from '../../guard/admission.ts';
import type { Room } from '../../guard/room.ts';
import type { CardFile } from '../../store/card-file.ts';
import type { Parcel, ParcelsTable } from '../../store/parcels.ts';
import { sealParcel } from './seal-parcel.ts';

export interface ParcelServices {
  readonly parcels: ParcelsTable;
  readonly card: CardFile;
  readonly room: Room;
  readonly receiptKey: SigningKey;
  readonly today: () => string;
}

type ParcelParams = { Params: { parcel: string } };

/** Registers opening, status and seal. */
export function registerParcels(app: FastifyInstance, services: ParcelServices, admission: Admission): void {
  const { parcels } = services;
  app.post(PARCELS_ROUTE, async (request, reply) => {
    const { opening } = parse(openRequest, request.body);
    // Before anything that costs more than to refuse: no signature is checked and no row is looked for without the work.
    await admission.admit(request.headers[WORK_HEADER], opening);
    const { parcel, fresh } = await open(services, opening);
    return reply.code(fresh ? 201 : 200).send({ parcel });
  });

  app.get<ParcelParams>(`${PARCELS_ROUTE}/:parcel`, async ({ params }) => {
    const parcel = await find(parcels, params.parcel, 'submission');
    // A codename leads to the number of a parcel, and of one that is sealed nothing is to tell its size.
    if (parcel.seal !== null) throw new Problem('parcel-sealed');
    return statusOf(parcels, parcel);
  });

  app.post<ParcelParams>(`${PARCELS_ROUTE}/:parcel/seal`, async (request) => {
    const { seal } = parse(sealRequest, request.body);
    return { receipt: await sealParcel(services, await find(parcels, request.params.parcel, 'submission'), seal) };
  });
}

/** The parcel of an id in an address; one that travels the other way is as good as none. Problem `parcel-unknown`. */
export async function find(parcels: ParcelsTable, id: string, direction: Direction): Promise<Parcel> {
  const parcel = /^[0-9a-f]{32}$/.test(id) ? await parcels.find(id) : null;
  if (parcel === null || parcel.direction !== direction) throw new Problem('parcel-unknown');
  return parcel;
}

/** What a sender may know of a parcel. */
export async function statusOf(parcels: ParcelsTable, parcel: Parcel): Promise<ParcelStatus> {
  const { id, parts, finished, seal } = parcel;
  return {
    parts,
    finished: finished === parts ? [[0, parts - 1]] : await parcels.finishedRanges(id),
    sealed: seal !== null,
  };
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
  // Who has the codename can sign any opening: the one that is here must not be told from others by trying.
  if (there?.direction === 'submission' && there.seal !== null) throw new Problem('parcel-sealed');
  const { parcel: id, mailbox } = opening;
  const fresh = {
    ...opening,
    id,
    sender: mailbox,
    direction: 'submission',
    opening: note,
    parts,
    day: today(),
  } as const;
  const opened =
    there === null
      ? await parcels.open(fresh, (needed, promised) => room.admit(needed, promised))
      : { parcel: there, fresh: false };
  if (opened?.parcel.opening !== note || !equalBytes(opened.parcel.mailbox, mailbox))
    throw new Problem('parcel-differs');
  return { parcel: id, fresh: opened.fresh };
}
