/** The listener of the page and its API: each request is judged by its name, method, origin and session before anything is done for it. */
import type { Handler, Request, Response } from '../loopback.ts';
import { readJson, sendFile, sendJson, sendRefusal } from './answer.ts';
import { isForHost, isFromPage } from './gate.ts';
import type { Gate } from './gate.ts';
import type { PageFiles } from './page-files.ts';
import { pageType } from './page-types.ts';
import { frameHeaders, pageHeaders } from './policies.ts';
import { refuse, Refused } from './refusal.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

/** What a route gets: the pieces of the path that its pattern caught, the query, and the body of a POST. */
export interface Call {
  readonly caught: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** One route of the API. */
export interface Route {
  readonly method: Method;
  readonly path: RegExp;
  answer(call: Call): unknown;
}

/** The document in which a PDF is drawn, its program and its style: it has no origin, so they come to it from another's. */
const FRAME = /^\/frame\.(html|js|css)$/;

/** Answers requests. `host` is the name of this listener, `origin` its origin, `content` that of the other. */
export function createPageHandler(input: {
  host: string;
  origin: string;
  content: string;
  gate: Gate;
  page: PageFiles;
  routes: readonly Route[];
  /** A mistake of ours. */
  report: (error: unknown) => void;
}): Handler {
  const { host, origin, gate, page, routes, report } = input;
  const headers = pageHeaders(input.content);

  async function handle(request: Request, response: Response): Promise<void> {
    if (!isForHost(request.headers, host)) throw refuse('host');
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    if (path === '/api' || path.startsWith('/api/')) await handleApi(request, response, path, query);
    else await handlePage(request, response, path);
  }

  async function handlePage(request: Request, response: Response, path: string): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw refuse('method');
    const name = path === '/' ? '/index.html' : path;
    const read = page.get(name);
    if (read === undefined) throw refuse('not-found');
    if (FRAME.test(name)) {
      for (const each of response.getHeaderNames()) response.removeHeader(each);
      setHeaders(response, frameHeaders(origin));
    }
    sendFile(request, response, pageType(name), await read());
  }

  async function handleApi(request: Request, response: Response, path: string, query: string): Promise<void> {
    const { method = '' } = request;
    const changes = method !== 'GET';
    if (!isFromPage(request.headers, origin, changes)) throw refuse('not-from-page');
    if (path === '/api/session') {
      if (method !== 'POST') throw refuse('method');
      const cookie = gate.enter(tokenIn(await readJson(request)));
      if (cookie === null) throw refuse('token-used');
      response.setHeader('set-cookie', cookie);
      sendJson(response, 200, {});
      return;
    }
    if (!gate.isIn(request.headers)) throw refuse('not-entered');
    const found = routes.filter((route) => route.path.test(path));
    const route = found.find((each) => each.method === method);
    if (route === undefined) throw refuse(found.length > 0 ? 'method' : 'not-found');
    const body = method === 'POST' ? await readJson(request) : null;
    const caught = route.path.exec(path)!.slice(1);
    sendJson(response, 200, await route.answer({ caught, query: new URLSearchParams(query), body }));
  }

  return (request, response) => {
    setHeaders(response, headers);
    handle(request, response).catch((error: unknown) => {
      if (!(error instanceof Refused)) report(error);
      sendRefusal(request, response, error instanceof Refused ? error : refuse('internal'));
    });
  };
}

function setHeaders(response: Response, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function tokenIn(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('token' in body) || typeof body.token !== 'string')
    throw refuse('body-form');
  return body.token;
}
