/** The listener of what sources sent: files at addresses that nobody can guess, for the elements of the page that show them and for nothing else. */
import type { FileKind } from '../viewer/api.ts';
import type { Handler, Request, Response } from '../loopback.ts';
import type { Addresses, FilePlace } from './addresses.ts';
import { sendRefusal } from './answer.ts';
import type { IndexedFile } from './archive-index.ts';
import { askedRange } from './byte-range.ts';
import { isForHost } from './gate.ts';
import type { Headers } from './gate.ts';
import type { OpenParcel, Parcels } from './parcels.ts';
import { contentHeaders } from './policies.ts';
import { refuse, Refused } from './refusal.ts';

/** What an element of the page may be given; the page itself reads by `empty`. Never a document, a frame, a script, a style, a worker. */
const DESTINATIONS: Readonly<Record<string, readonly FileKind[]>> = {
  image: ['image'],
  video: ['video', 'audio'],
  audio: ['video', 'audio'],
  empty: ['image', 'video', 'audio', 'pdf', 'text', 'other'],
};

/** `host` is the name of this listener, `page` the origin of the page; `viewed` is told of each file that is asked for. */
export function createContentHandler(input: {
  host: string;
  page: string;
  addresses: Addresses;
  parcels: Parcels;
  /** Told of each piece that was taken: a film plays for hours by one request. */
  taken: () => void;
  viewed: (place: FilePlace, file: IndexedFile) => void;
  report: (error: unknown) => void;
}): Handler {
  const { host, page, addresses, parcels, taken, viewed, report } = input;
  const headers = contentHeaders(page);

  async function handle(request: Request, response: Response): Promise<void> {
    if (!isForHost(request.headers, host)) throw refuse('host');
    if (request.method !== 'GET' && request.method !== 'HEAD') throw refuse('method');
    const kinds = kindsFor(request.headers, page);
    if (kinds === null) throw refuse('not-from-page');
    const place = addresses.placeOf(request.url ?? '');
    const parcel = place !== null && parcels.has(place.parcel) ? await parcels.open(place.parcel) : null;
    const file = place === null || parcel === null ? null : await findFile(parcel, place.index);
    if (place === null || parcel === null || file === null) throw refuse('not-found');
    if (!kinds.includes(file.kind.kind)) throw refuse('not-from-page');
    viewed(place, file);
    const etag = `"${place.parcel}-${place.index}"`;
    await sendContent(request, response, parcel, file, { etag, taken });
  }

  return (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    handle(request, response).catch((error: unknown) => {
      if (!(error instanceof Refused)) report(error);
      sendRefusal(request, response, error instanceof Refused ? error : refuse('internal'));
    });
  };
}

/** Which kinds of files may be given to who asks; null when nothing may. */
function kindsFor(headers: Headers, page: string): readonly FileKind[] | null {
  const { 'sec-fetch-site': site, 'sec-fetch-dest': destination, 'sec-fetch-mode': mode, origin } = headers;
  // Two ports of one machine are one site to a browser.
  if (site !== 'same-site' || typeof destination !== 'string') return null;
  if (origin !== undefined && origin !== page) return null;
  if (mode !== 'cors' && mode !== 'no-cors') return null;
  if (destination === 'empty' && (mode !== 'cors' || origin !== page)) return null;
  return Object.hasOwn(DESTINATIONS, destination) ? DESTINATIONS[destination]! : null;
}

/** The file of this number, waiting for the walk to come to it. */
async function findFile({ index }: OpenParcel, number: number): Promise<IndexedFile | null> {
  while (index.files.length <= number && index.reading() !== null) await index.changed();
  return index.files[number] ?? null;
}

async function sendContent(
  request: Request,
  response: Response,
  { stream }: OpenParcel,
  { size, start, kind }: IndexedFile,
  { etag, taken }: { etag: string; taken: () => void },
): Promise<void> {
  const { range, 'if-range': ifRange } = request.headers;
  const conditions = typeof ifRange === 'string' ? ifRange : undefined;
  const asked = request.method === 'GET' ? askedRange(range, conditions, size, etag) : ({ kind: 'all' } as const);
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('etag', etag);
  if (asked.kind === 'none') {
    response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': 0 }).end();
    return;
  }
  const { from, to } = asked.kind === 'all' ? { from: 0, to: size } : asked;
  // The first bytes are here before the answer says that they come.
  if (request.method === 'GET' && from < to && (await stream.at(start + from)) === null) throw refuse('part-missing');
  if (asked.kind === 'range') response.setHeader('content-range', `bytes ${from}-${to - 1}/${size}`);
  response.writeHead(asked.kind === 'range' ? 206 : 200, { 'content-type': kind.served, 'content-length': to - from });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const stop = new AbortController();
  response.once('close', () => stop.abort());
  let sent = 0;
  for await (const bytes of stream.read(start + from, start + to, stop.signal)) {
    sent += bytes.length;
    taken();
    if (!response.write(bytes)) await drained(response);
  }
  // Where the rest is not here, fewer bytes come than were announced, and the browser sees that they were cut off.
  if (sent === to - from) response.end();
  else response.destroy();
}

function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
