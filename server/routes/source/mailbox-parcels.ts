/** What a mailbox may do with a submission of its own: take it up again with the ledger's help, withdraw it, put its receipt away. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { toBase64 } from '../../../shared/bytes/base64.ts';
import { equalBytes } from '../../../shared/bytes/equal.ts';
import { Problem } from '../../../shared/problem/problem.ts';
import { MAX_LEDGER_PAGE_BYTES, MAX_LEDGER_PAGES, mostLedgerPages } from '../../../shared/protocol/limits.ts';
import { claimRequest } from '../../../shared/protocol/messages.ts';
import type { FinishedParts } from '../../../shared/protocol/messages.ts';
import { parse } from '../../../shared/protocol/parse.ts';
import {
  claimRoute,
  dismissRoute,
  finishedRoute,
  MAILBOX_ROUTE,
  withdrawRoute,
} from '../../../shared/protocol/routes.ts';
import type { OwnParcel } from '../../store/mailboxes.ts';
import type { MailboxServices } from './mailbox-services.ts';
import { signedIn } from './mailbox-sign-in.ts';

type ParcelParams = { Params: { parcel: string } };
type PageParams = { Params: { parcel: string; page: string } };

const PARCEL = ':parcel';
/** Finished parts in one page. */
const PAGE = 500;

/** Registers claim, finished parts, ledger, withdraw and dismiss on an app that lets only the signed-in through. */
export async function registerMailboxParcels(app: FastifyInstance, services: MailboxServices): Promise<void> {
  const { tokens, mailboxes, ledgers, blobs, today, checkRoom } = services;

  /** The submission that an address speaks of. Problem `parcel-unknown`. */
  const own = async (
    request: FastifyRequest<ParcelParams>,
  ): Promise<OwnParcel & { id: string; mailbox: Uint8Array }> => {
    const { parcel: id } = request.params;
    const { mailbox } = signedIn(tokens, request);
    const parcel = /^[0-9a-f]{32}$/.test(id) ? await mailboxes.own(mailbox, id) : null;
    if (parcel === null) throw new Problem('parcel-unknown');
    return { ...parcel, id, mailbox };
  };
  const unsealed = async (request: FastifyRequest<ParcelParams>): ReturnType<typeof own> => {
    const parcel = await own(request);
    // Statements tell sizes: of what is sealed a codename shows none.
    if (parcel.sealed) throw new Problem('parcel-sealed');
    return parcel;
  };

  app.post<ParcelParams>(claimRoute(PARCEL), async (request) => {
    const { writer } = parse(claimRequest, request.body);
    const { id, mailbox } = await unsealed(request);
    const { session } = signedIn(tokens, request);
    const forgotten = await mailboxes.claim(mailbox, id, { writer, session, day: today() });
    if (forgotten === null) {
      // Either the answer to this very claim was lost, or another browser was faster.
      const { writer: current, claimedBy } = await unsealed(request);
      const isAgain = current === writer && claimedBy !== null && equalBytes(claimedBy, session);
      if (!isAgain) throw new Problem('writer-replaced');
    }
    await blobs.remove(id, forgotten ?? []).catch(() => undefined);
    return { writer };
  });

  app.get<ParcelParams & { Querystring: { after?: string } }>(
    finishedRoute(PARCEL),
    async (request): Promise<FinishedParts> => {
      const { after = '-1' } = request.query;
      if (!/^(?:-1|0|[1-9]\d{0,5})$/.test(after)) throw new Problem('bad-request');
      const { id } = await unsealed(request);
      const rows = await ledgers.finished(id, Number(after), PAGE + 1);
      const shown = rows.slice(0, PAGE);
      return {
        parts: shown.map(({ statement, record }) => ({ statement, record: record && toBase64(record) })),
        next: rows.length > PAGE ? shown.at(-1)!.seq : null,
      };
    },
  );

  await app.register(async (pages) => {
    const url = `${MAILBOX_ROUTE}/parcels/:parcel/ledger/:page`;
    pages.removeAllContentTypeParsers();
    pages.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: MAX_LEDGER_PAGE_BYTES },
      (_request, body, done) => done(null, body),
    );
    pages.post<PageParams>(url, async (request, reply) => {
      const page = pageIn(request.params.page);
      const content = request.body;
      if (!(content instanceof Uint8Array) || content.length === 0) throw new Problem('bad-request');
      const { id, size } = await unsealed(request);
      if (page >= mostLedgerPages(size)) throw new Problem('limit-exceeded');
      await checkRoom();
      const outcome = await ledgers.put(id, page, content);
      if (outcome === 'differs') throw new Problem('parcel-differs');
      if (outcome === 'sealed') throw new Problem('parcel-sealed');
      return reply.code(204).send();
    });
    pages.get<PageParams>(url, async (request, reply) => {
      const page = pageIn(request.params.page);
      const content = await ledgers.page((await own(request)).id, page);
      if (content === null) throw new Problem('not-found');
      return reply.type('application/octet-stream').send(content);
    });
    await Promise.resolve();
  });

  app.post<ParcelParams>(withdrawRoute(PARCEL), async (request, reply) => {
    const { id, mailbox, collected } = await own(request);
    if (collected || !(await mailboxes.withdraw(mailbox, id))) throw new Problem('parcel-collected');
    // The rows are gone: blobs that cannot be removed are orphans, and the sweeper finds those.
    await blobs.removeParcel(id).catch(() => undefined);
    return reply.code(204).send();
  });

  app.post<ParcelParams>(dismissRoute(PARCEL), async (request, reply) => {
    const { id, mailbox } = await own(request);
    await mailboxes.dismiss(mailbox, id);
    return reply.code(204).send();
  });
}

function pageIn(text: string): number {
  if (!/^(?:0|[1-9]\d{0,3})$/.test(text) || Number(text) >= MAX_LEDGER_PAGES) throw new Problem('not-found');
  return Number(text);
}
