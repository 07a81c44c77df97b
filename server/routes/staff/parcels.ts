/** What couriers collect: the list of parcels, their envelopes, their parts. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../shared/problem/problem.ts';
import type { ParcelList } from '../../../shared/protocol/messages.ts';
import { PARCELS_ROUTE } from '../../../shared/protocol/routes.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { LogView } from '../../store/log-view.ts';
import type { ParcelsTable } from '../../store/parcels.ts';
import type { PartsTable } from '../../store/parts.ts';
import { partKey, sendPart } from '../part-download.ts';
import { find } from '../source/parcels.ts';
import { envelopeText } from '../envelope.ts';

export interface CollectServices {
  readonly parcels: ParcelsTable;
  readonly parts: PartsTable;
  readonly blobs: BlobStore;
  readonly log: LogView;
}

/** Parcels in one page of the list. */
const PAGE = 200;

/** Registers list, envelope and part download. */
export function registerCollect(app: FastifyInstance, { parcels, parts, blobs, log }: CollectServices): void {
  app.get<{ Querystring: { after?: string } }>(PARCELS_ROUTE, async ({ query }): Promise<ParcelList> => {
    const after = query.after ?? '0';
    if (!/^(?:0|[1-9]\d{0,15})$/.test(after)) throw new Problem('bad-request');
    const page = await parcels.list(Number(after), PAGE + 1);
    const shown = page.slice(0, PAGE);
    return { parcels: shown, next: page.length > PAGE ? shown.at(-1)!.number : null };
  });

  app.get<{ Params: { parcel: string } }>(`${PARCELS_ROUTE}/:parcel/envelope`, async ({ params }, reply) => {
    const parcel = await find(parcels, params.parcel, 'submission');
    const proof = parcel.receipt === null ? null : await log.proofOf(parcel.id);
    return reply.type('application/json').send(Readable.from(envelopeText(parcels, parcel, proof)));
  });

  app.get<{ Params: { parcel: string; part: string } }>(
    `${PARCELS_ROUTE}/:parcel/parts/:part`,
    async ({ params, headers }, reply) =>
      sendPart(reply, headers, { parts, blobs }, partKey('submission', params.parcel, params.part)),
  );
}
