/** An honest newcomer in the midst of a flood, as a browser would: the page and all that it names, the card, an opening with the work that is asked for, a part, the seal. */
import { CARD_ROUTE, PARCELS_ROUTE } from '../../../shared/protocol/routes.ts';
import { patternBytes } from '../random-bytes.ts';
import { createSender, sealAt, sendAt } from '../sender.ts';
import { solveWork, workIn } from '../solve-work.ts';

export interface Newcomer {
  /** Milliseconds from the start to the end of each step. */
  readonly steps: Readonly<Record<'page' | 'opened' | 'sealed', number>>;
  /** Levels of the work that was asked for. */
  readonly work: readonly number[];
  /** Answers that put it off, by status; 0: a connection that was closed. */
  readonly putOff: Readonly<Record<string, number>>;
}

/** Goes all the way. It tries again as the page does: after what Retry-After says, or after some time. */
export async function comeNewly(source: string): Promise<Newcomer> {
  const began = performance.now();
  const since = (): number => Math.round(performance.now() - began);
  const putOff: Record<string, number> = {};
  const work: number[] = [];

  const persist = async (attempt: () => Promise<Response>): Promise<Response> => {
    for (let pause = 500; ; pause = Math.min(pause * 2, 8_000)) {
      const answer = await attempt().catch(() => null);
      if (answer !== null && answer.status < 500) return answer;
      const status = answer?.status ?? 0;
      putOff[status] = (putOff[status] ?? 0) + 1;
      const wish = Number(answer?.headers.get('retry-after') ?? 0) * 1_000;
      await new Promise((resolve) => setTimeout(resolve, Math.max(wish, pause)));
    }
  };

  const page = await (await persist(() => fetch(source))).text();
  const files = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => source + path!);
  for (const answer of await Promise.all(files.map((url) => persist(() => fetch(url))))) {
    if (!answer.ok) throw new Error(`a file of the page: ${answer.status}`);
    await answer.arrayBuffer();
  }
  await (await persist(() => fetch(source + CARD_ROUTE))).text();
  const steps = { page: since(), opened: 0, sealed: 0 };

  const sender = await createSender({ parts: 1 });
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const body = JSON.stringify({ opening: await sender.opening() });
  for (;;) {
    const answer = await persist(() => fetch(source + PARCELS_ROUTE, { method: 'POST', headers, body }));
    const challenge = await workIn(answer);
    if (challenge === null) {
      if (!answer.ok) throw new Error(`the opening: ${answer.status}`);
      break;
    }
    work.push(Buffer.from(challenge, 'base64url')[0]!);
    headers['postern-work'] = await solveWork(challenge);
  }
  steps.opened = since();
  const bytes = patternBytes(20_000);
  for (const answer of [
    await persist(() => sendAt(source, sender, 0, bytes)),
    await persist(() => sealAt(source, sender, [bytes])),
  ])
    if (!answer.ok) throw new Error(`part or seal: ${answer.status}`);
  steps.sealed = since();
  return { steps, work, putOff };
}
