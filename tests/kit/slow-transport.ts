/** A source behind a link of little room: bodies leave it in small pieces, and every request is told to who watches. */
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sizeOf, sliceOf } from '../../client/upload/body.ts';
import type { Body } from '../../client/upload/body.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../client/upload/transport.ts';

/** A request that has ended. */
export interface Exchanged {
  readonly request: HttpRequest;
  readonly answer: HttpAnswer | null;
  /** Bytes of its body that were handed over. */
  readonly sent: number;
}

export interface SlowTransportOptions {
  /** Bytes a second on each connection, asked for anew all the time. */
  readonly rate: () => number;
  readonly onEnd: (exchanged: Exchanged) => void;
}

const PIECE = 16_384;

/** A transport to the server at `base`. */
export function slowTransport(base: string, { rate, onEnd }: SlowTransportOptions): Transport {
  return async (asked) => {
    const { method, path, headers, body, signal } = asked;
    const length = body === null ? 0 : sizeOf(body);
    let sent = 0;
    const answer = await new Promise<HttpAnswer | null>((resolve) => {
      const request = httpRequest(new URL(path, base), {
        method,
        headers: { ...headers, ...(body !== null && { 'content-length': String(length) }) },
        agent: false,
        signal,
      });
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('error', () => resolve(null));
        response.on('end', () => {
          const header = (name: string): string | null => {
            const value = response.headers[name];
            return typeof value === 'string' ? value : null;
          };
          resolve({ status: response.statusCode!, text, header });
        });
      });
      request.on('error', () => resolve(null));
      request.on('close', () => resolve(null));
      const hand = async (whole: Body): Promise<void> => {
        while (sent < length && !request.destroyed) {
          const to = Math.min(sent + PIECE, length);
          request.write(await bytesOf(sliceOf(whole, sent, to)));
          const took = ((to - sent) / rate()) * 1_000;
          sent = to;
          if (took >= 1) await sleep(took);
        }
        request.end();
      };
      if (body === null) request.end();
      else void hand(body);
    });
    onEnd({ request: asked, answer, sent });
    return answer;
  };
}

async function bytesOf(body: Body): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body).arrayBuffer());
}
