/** What couriers say of parcels: that staff have all of one, that one is to go; and what they ask: how much is here. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../shared/problem/problem.ts';
import type { StatusAnswer } from '../../../shared/protocol/messages.ts';
import { PARCELS_ROUTE, STATUS_ROUTE } from '../../../shared/protocol/routes.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { Custody } from '../../store/custody.ts';

export interface CustodyServices {
  readonly custody: Custody;
  readonly blobs: BlobStore;
  readonly today: () => string;
}

type ParcelParams = { Params: { parcel: string } };

/** Registers `collected`, `delete` and the status. */
export function registerCustody(app: FastifyInstance, { custody, blobs, today }: CustodyServices): void {
  app.post<ParcelParams>(`${PARCELS_ROUTE}/:parcel/collected`, async ({ params }, reply) => {
    const outcome = await custody.collect(idIn(params), today());
    if (outcome === 'unknown') throw new Problem('parcel-unknown');
    if (outcome === 'unsealed') throw new Problem('parts-missing');
    return reply.code(204).send();
  });

  app.post<ParcelParams>(`${PARCELS_ROUTE}/:parcel/delete`, async ({ params }, reply) => {
    const id = idIn(params);
    if (!(await custody.remove(id))) throw new Problem('parcel-unknown');
    // The parcel is gone: blobs that cannot be removed are orphans, and the sweeper finds those.
    await blobs.removeParcel(id).catch(() => undefined);
    return reply.code(204).send();
  });

  app.get(STATUS_ROUTE, async (): Promise<StatusAnswer> => {
    const [counts, free] = await Promise.all([custody.count(), blobs.free()]);
    return { ...counts, free };
  });
}

function idIn({ parcel }: ParcelParams['Params']): string {
  if (!/^[0-9a-f]{32}$/.test(parcel)) throw new Problem('parcel-unknown');
  return parcel;
}
