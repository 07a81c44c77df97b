/** Puts the child's parts together: two listeners, and behind them what they show. */
import type { Random } from '../../shared/bytes/random.ts';
import { listen } from '../loopback.ts';
import type { Handler } from '../loopback.ts';
import { createAddresses } from './addresses.ts';
import { createContentHandler } from './content-listener.ts';
import { apiRoutes } from './api-routes.ts';
import { createConversations } from './conversations.ts';
import { createGate } from './gate.ts';
import { hostOf, originOf } from './local-names.ts';
import { createIdleWatch } from './idle-watch.ts';
import type { StartMessage } from './messages.ts';
import { createLooks } from './look-into.ts';
import { findMailboxes } from './mailboxes.ts';
import { viewerFiles } from './page-files.ts';
import { createPageHandler } from './page-listener.ts';
import type { ParentLink } from './parent-link.ts';
import { createParcels } from './parcels.ts';
import { createPartStore } from './part-store.ts';

const START_PATH = '/api/start';

/** Listens, and tells the parent where. */
export async function serve(
  message: StartMessage,
  {
    link,
    random,
    clock,
    report,
  }: { link: ParentLink; random: Random; clock: () => number; report: (error: unknown) => void },
): Promise<void> {
  // Each handler needs to know both ports, which are known when both listen.
  const handlers: { page: Handler | null; content: Handler | null } = { page: null, content: null };
  const watch = createIdleWatch(message.lock, () => void link.ask({ kind: 'idle' }).catch(report));
  const page = await listen(message.port, (request, response) => {
    // The page itself asks for this now and then, whether anybody is there or not.
    if (request.url !== START_PATH) watch.touch();
    handlers.page?.(request, response);
  });
  const content = await listen(0, (request, response) => {
    watch.touch();
    handlers.content?.(request, response);
  });
  const pageOrigin = originOf(page.port);
  const contentOrigin = originOf(content.port);

  const store = createPartStore((start) => link.ask({ kind: 'part-key', start }));
  const { bundle: folder, parcels: ids, receiptKeys } = message;
  const parcels = createParcels({ folder, ids, receiptKeys, store, report });
  const addresses = createAddresses(random(32));

  const bundle = { folder, card: null, parcels: ids };
  const conversations = createConversations({
    mailboxes: findMailboxes(bundle, report),
    looks: createLooks(bundle, receiptKeys, store),
    link,
    clock,
  });
  handlers.page = createPageHandler({
    host: hostOf(page.port),
    origin: pageOrigin,
    content: contentOrigin,
    gate: createGate(message.token, random),
    page: await viewerFiles(message.page),
    routes: apiRoutes({ message, content: contentOrigin, link, parcels, addresses, conversations }),
    report,
  });
  handlers.content = createContentHandler({
    host: hostOf(content.port),
    page: pageOrigin,
    addresses,
    parcels,
    taken: () => watch.touch(),
    viewed: ({ parcel }, { path }) => void link.ask({ kind: 'viewed', parcel, path }).catch(report),
    report,
  });
  await link.ask({ kind: 'ready', page: page.port, content: content.port });
}
