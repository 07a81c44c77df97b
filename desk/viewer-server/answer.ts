/** Writing answers of the page's listener: JSON, files of the page, refusals; and reading the bodies that come. */
import type { Request, Response } from '../loopback.ts';
import { refuse } from './refusal.ts';
import type { Refused } from './refusal.ts';

/** A message of a mebibyte, each character of it escaped, and what stands around it. */
const MAX_BODY = 8 * 1_048_576;

export function sendJson(response: Response, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/** A file; the answer to HEAD is the same without it. */
export function sendFile(request: Request, response: Response, type: string, bytes: Uint8Array): void {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Refuses, and hangs up when the body of the request has not been read. */
export function sendRefusal(request: Request, response: Response, { status, refusal }: Refused): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (!request.complete) response.setHeader('connection', 'close');
  sendJson(response, status, refusal);
}

/** The body of a request as JSON. Refusals `body-type`, `body-long`, `body-form`. */
export async function readJson(request: Request): Promise<unknown> {
  if (request.headers['content-type'] !== 'application/json') throw refuse('body-type');
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    size += piece.length;
    if (size > MAX_BODY) throw refuse('body-long');
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown;
  } catch {
    throw refuse('body-form');
  }
}
