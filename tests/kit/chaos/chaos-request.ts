/** One request of a source in the chaos: it may be reset on its way, may never be answered, and says what the server acknowledged. */
import { request as httpRequest } from 'node:http';

export interface ChaosAnswer {
  readonly status: number;
  readonly offset: number | null;
  /** Code of the Problem, if it is one. */
  readonly code: string | null;
  readonly body: string;
}

export interface ChaosRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Resets the connection when so many bytes of the body have been handed over. */
  readonly resetAfter?: number | null;
  readonly signal: AbortSignal;
}

const SILENCE_MS = 20_000;

/** Null when no answer came. `onReset` is called when a connection that stood was reset. */
export function send(
  { method, url, headers = {}, body, resetAfter = null, signal }: ChaosRequest,
  onReset: () => unknown = () => undefined,
): Promise<ChaosAnswer | null> {
  return new Promise((resolve) => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const request = httpRequest(url, { method, headers: { ...headers, ...length }, agent: false, signal });
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('error', () => resolve(null));
      response.on('end', () => {
        const offset = response.headers['upload-offset'];
        resolve({
          status: response.statusCode!,
          offset: typeof offset === 'string' ? Number(offset) : null,
          code: /"code":"([a-z-]+)"/.exec(text)?.[1] ?? null,
          body: text,
        });
      });
    });
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
    request.setTimeout(SILENCE_MS, () => request.destroy());
    if (resetAfter === null || body === undefined) return void request.end(body);
    request.write(body.subarray(0, resetAfter), () => {
      setTimeout(() => {
        if (request.socket?.readyState === 'open') {
          onReset();
          request.socket.resetAndDestroy();
        }
        request.destroy();
      }, 3);
    });
  });
}
