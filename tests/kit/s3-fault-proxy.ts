/** An HTTP proxy that does to requests on their way to a real S3 store what bad days do. Signatures hold, since hosts and headers are passed as they are. */
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Config } from '../../server/config.ts';

export type S3Fault =
  /** The request waits so many milliseconds before it goes on. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The store says so, as XML; with `code` null it is no store that speaks. */
  | { readonly kind: 'answer'; readonly status: number; readonly code: string | null }
  /** It never arrives, and nothing comes back. */
  | { readonly kind: 'silence' }
  /** The connection is cut after so many bytes of the request's body. */
  | { readonly kind: 'cut'; readonly after: number }
  /** The store did it, but its answer never arrives. */
  | { readonly kind: 'lost' }
  /** One bit of the request's body is another. */
  | { readonly kind: 'altered' }
  /** The connection is cut after so many bytes of the answer's body. */
  | { readonly kind: 'short'; readonly after: number };

export interface S3FaultProxy extends AsyncDisposable {
  /** The same store, by way of the proxy. */
  readonly s3: S3Config;
  /** Asked at each request; null lets it pass. */
  fault: (method: string) => S3Fault | null;
  /** Requests that came, by method. */
  readonly seen: string[];
}

/** Stands in front of the store of `s3`. */
export async function startS3FaultProxy(s3: S3Config): Promise<S3FaultProxy> {
  const { hostname, port } = new URL(s3.endpoint);

  const forward = async (
    request: IncomingMessage,
    body: Buffer,
  ): Promise<{ answer: IncomingMessage; bytes: Buffer }> => {
    const { method, url, headers } = request;
    const onward = ask({ hostname, port, method, path: url, headers, agent: false });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    return { answer, bytes: await readAll(answer) };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket } = request;
    const method = request.method ?? '';
    proxy.seen.push(method);
    const fault = proxy.fault(method);
    if (fault?.kind === 'cut') {
      let length = 0;
      for await (const piece of request as AsyncIterable<Buffer>) {
        length += piece.length;
        if (length > fault.after) break;
      }
      return void socket.destroy();
    }
    const body = await readAll(request);
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'slow') await sleep(fault.ms);
    if (fault?.kind === 'answer') {
      const { status, code } = fault;
      const xml = `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;
      response.writeHead(status, { 'content-type': code === null ? 'text/html' : 'application/xml' });
      return void response.end(method === 'HEAD' ? undefined : code === null ? '<p>Not here</p>' : xml);
    }
    if (fault?.kind === 'altered' && body.length > 0) body[body.length >> 1]! ^= 1;
    const { answer, bytes } = await forward(request, body);
    if (fault?.kind === 'lost') return void socket.destroy();
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    if (fault?.kind !== 'short') return void response.end(bytes);
    response.write(bytes.subarray(0, fault.after));
    // What was written has to go out before the end.
    await sleep(50);
    socket.destroy();
  };

  const server = createServer((request, response) => {
    const { socket } = request;
    handle(request, response).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: S3FaultProxy = {
    s3: { ...s3, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    fault: () => null,
    seen: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}
