/** Puts the child's parts together: two listeners, and behind them what they show. */
import type { Random } from '../../shared/bytes/random.ts';
import { listen } from '../loopback.ts';
import type { Handler } from '../loopback.ts';
import type { Start } from '../viewer/api.ts';
import { createAddresses } from './addresses.ts';
import { createContentHandler } from './content-listener.ts';
import { filePage } from './file-pages.ts';
import { createGate } from './gate.ts';
import { hostOf, originOf } from './local-names.ts';
import type { StartMessage } from './messages.ts';
import { createPageHandler } from './page-listener.ts';
import type { Route } from './page-listener.ts';
import type { ParentLink } from './parent-link.ts';
import { createParcels } from './parcels.ts';
import { createPartStore } from './part-store.ts';
import { refuse } from './refusal.ts';

/** Listens, and tells the parent where. */
export async function serve(
  message: StartMessage,
  { link, random, report }: { link: ParentLink; random: Random; report: (error: unknown) => void },
): Promise<void> {
  // Each handler needs to know both ports, which are known when both listen.
  const handlers: { page: Handler | null; content: Handler | null } = { page: null, content: null };
  const page = await listen(message.port, (request, response) => handlers.page?.(request, response));
  const content = await listen(0, (request, response) => handlers.content?.(request, response));
  const pageOrigin = originOf(page.port);
  const contentOrigin = originOf(content.port);

  const store = createPartStore((start) => link.ask({ kind: 'part-key', start }));
  const { bundle: folder, parcels: ids, receiptKeys } = message;
  const parcels = createParcels({ folder, ids, receiptKeys, store, report });
  const addresses = createAddresses(random(32));

  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: /^\/api\/start$/,
      answer: (): Start => ({ ...message.start, content: contentOrigin, parcels: message.parcels.length }),
    },
    {
      method: 'GET',
      path: /^\/api\/parcels\/([0-9a-f]{32})\/files$/,
      async answer({ caught: [id = ''], query }) {
        const parcel = parcels.has(id) ? await parcels.open(id) : null;
        if (parcel === null) throw refuse('not-found');
        const after = Number(query.get('after') ?? -1);
        const search = query.get('search') ?? '';
        if (!Number.isSafeInteger(after)) throw refuse('body-form');
        return filePage(
          parcel,
          { after, search },
          ({ index }) => contentOrigin + addresses.pathOf({ parcel: id, index }),
        );
      },
    },
    { method: 'POST', path: /^\/api\/close$/, answer: async () => (await link.ask({ kind: 'close' })) ?? {} },
  ];
  handlers.page = createPageHandler({
    host: hostOf(page.port),
    origin: pageOrigin,
    content: contentOrigin,
    gate: createGate(message.token, random),
    page: message.page,
    routes,
    report,
  });
  handlers.content = createContentHandler({
    host: hostOf(content.port),
    page: pageOrigin,
    addresses,
    parcels,
    viewed: () => undefined,
    report,
  });
  await link.ask({ kind: 'ready', page: page.port, content: content.port });
}
