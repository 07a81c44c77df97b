/** One HTTP request by hand on a socket: so that it can be cut, stalled, malformed, and its answer seen as it is on the wire. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A connection to the host and port of a URL. */
export function connectTo(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Head of a request, up to and with the empty line. */
export function head(method: string, path: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ host: 'postern.test', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** Sends text and gives all that comes back until the other side closes. */
export async function exchange(url: string, text: string): Promise<string> {
  const socket = await connectTo(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => (answer += piece));
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
    socket.write(text);
  });
}
