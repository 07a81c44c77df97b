/** The listener of what sources sent: files at addresses that nobody can guess, for the elements of the page that show them and for nothing else. */
import type { Handler, Request, Response } from '../loopback.ts';
import { sendRefusal } from './answer.ts';
import { isForHost } from './gate.ts';
import { contentHeaders } from './policies.ts';
import { refuse, Refused } from './refusal.ts';

/** `host` is the name of this listener, `page` the origin of the page. */
export function createContentHandler({ host, page }: { host: string; page: string }): Handler {
  const headers = contentHeaders(page);

  function handle(request: Request): void {
    if (!isForHost(request.headers, host)) throw refuse('host');
    if (request.method !== 'GET' && request.method !== 'HEAD') throw refuse('method');
    throw refuse('not-found');
  }

  return (request, response: Response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    try {
      handle(request);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      sendRefusal(request, response, error);
    }
  };
}
