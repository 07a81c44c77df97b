/** Puts the child's parts together: two listeners, and behind them what they show. */
import type { Random } from '../../shared/bytes/random.ts';
import { listen } from '../loopback.ts';
import type { Handler } from '../loopback.ts';
import type { Start } from '../viewer/api.ts';
import { createContentHandler } from './content-listener.ts';
import { createGate } from './gate.ts';
import { hostOf, originOf } from './local-names.ts';
import type { StartMessage } from './messages.ts';
import { createPageHandler } from './page-listener.ts';
import type { Route } from './page-listener.ts';
import type { ParentLink } from './parent-link.ts';

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

  const routes: readonly Route[] = [
    {
      method: 'GET',
      path: /^\/api\/start$/,
      answer: (): Start => ({ ...message.start, content: contentOrigin, parcels: message.parcels.length }),
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
  handlers.content = createContentHandler({ host: hostOf(content.port), page: pageOrigin });
  await link.ask({ kind: 'ready', page: page.port, content: content.port });
}
