/** The one file of the desk that opens sockets: listeners on 127.0.0.1, for the viewer's content process alone, with tight limits. */
import { Socket as PacketSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { LOCAL_ADDRESS } from './viewer-server/local-names.ts';

export type Request = IncomingMessage;
export type Response = ServerResponse;
export type Handler = (request: Request, response: Response) => void;

export interface Listener {
  readonly port: number;
  close(): void;
}

const MAX_HEADERS = 8_192;
/** A browser holds six to an origin; a second window some more. */
const MAX_CONNECTIONS = 64;
const REQUEST_MS = 30_000;
const HEADERS_MS = 10_000;
const KEEP_ALIVE_MS = 15_000;

/** Listens on a port of this machine alone; 0 lets the system choose one. Rejects with the system's error. */
export async function listen(port: number, handler: Handler): Promise<Listener> {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADERS,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: HEADERS_MS,
      requireHostHeader: true,
    },
    handler,
  );
  server.maxConnections = MAX_CONNECTIONS;
  // Nothing here is upgraded, tunnelled or continued.
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.on('connect', (_request, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: LOCAL_ADDRESS, port, exclusive: true }, resolve);
  });
  return { port: portOf(server), close: () => void server.close() };
}

/** From here on nothing in this process connects to anything: neither over a network nor to another program of this machine, as a desktop's bus is. */
export function refuseConnections(): void {
  const value = (): never => {
    throw new Error('this process connects to nothing');
  };
  const { prototype } = PacketSocket;
  for (const [from, name] of [
    [Socket.prototype, 'connect'],
    [prototype, 'bind'],
    [prototype, 'connect'],
    [prototype, 'send'],
  ] as const)
    Object.defineProperty(from, name, { value, writable: false, configurable: false });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
