/** What couriers collect: the list of parcels, their envelopes, their parts. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../shared/problem/problem.ts';
import type { ParcelList } from '../../../shared/protocol/messages.ts';
import { PARCELS_ROUTE } from '../../../shared/protocol/routes.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { ParcelsTable } from '../../store/parcels.ts';
import type { PartsTable, PartState } from '../../store/parts.ts';
import { find } from '../source/parcels.ts';
import { envelopeText } from './envelope.ts';
import { readRange } from './range.ts';

export interface CollectServices {
  readonly parcels: ParcelsTable;
  readonly parts: PartsTable;
  readonly blobs: BlobStore;
}

/** Parcels in one page of the list. */
const PAGE = 200;

/** Registers list, envelope and part download. */
export function registerCollect(app: FastifyInstance, { parcels, parts, blobs }: CollectServices): void {
  app.get<{ Querystring: { after?: string } }>(PARCELS_ROUTE, async ({ query }): Promise<ParcelList> => {
    const after = query.after ?? '0';
    if (!/^(?:0|[1-9]\d{0,15})$/.test(after)) throw new Problem('bad-request');
    const page = await parcels.list(Number(after), PAGE + 1);
    const shown = page.slice(0, PAGE);
    return { parcels: shown, next: page.length > PAGE ? shown.at(-1)!.number : null };
  });

  app.get<{ Params: { parcel: string } }>(`${PARCELS_ROUTE}/:parcel/envelope`, async ({ params }, reply) => {
    const parcel = await find(parcels, params.parcel, 'submission');
    return reply.type('application/json').send(Readable.from(envelopeText(parcels, parcel)));
  });

  app.get<{ Params: { parcel: string; part: string } }>(
    `${PARCELS_ROUTE}/:parcel/parts/:part`,
    async ({ params, headers }, reply) => {
      const { parcel, part } = params;
      if (!/^[0-9a-f]{32}$/.test(parcel) || !/^(?:0|[1-9]\d{0,5})$/.test(part)) throw new Problem('not-found');
      const state = await parts.finished({ direction: 'submission', parcel, part: Number(part) });
      if (state === null) throw new Problem('not-found');
      const etag = `"${state.sha256}"`;
      const range = readRange(headers.range, headers['if-range'], etag, state.size);
      void reply.header('etag', etag).header('accept-ranges', 'bytes').type('application/octet-stream');
      if (range === 'unsatisfiable') {
        void reply.header('content-range', `bytes */${state.size}`);
        throw new Problem('range-unsatisfiable');
      }
      const [from, to] = range ?? [0, state.size];
      void reply.header('content-length', to - from);
      if (range !== null) void reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${state.size}`);
      return reply.send(Readable.from(readPart(blobs, parcel, state, from, to)));
    },
  );
}

/** The bytes of a part from `from` up to but without `to`, across its blobs. */
async function* readPart(
  blobs: BlobStore,
  parcel: string,
  { blobs: list }: PartState,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const { name, length } of list) {
    const first = Math.max(from - start, 0);
    const last = Math.min(to - start, length);
    if (first < last) yield* blobs.read(parcel, name, first, last);
    start += length;
  }
}
