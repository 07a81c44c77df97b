/** HTTP by XMLHttpRequest, which alone tells how far a body has gone: so a stalled link is noticed. Nothing is kept, nothing is sent elsewhere. */
import type { HttpAnswer, Transport } from './transport.ts';

/**
 * Milliseconds without a byte moving after which a request is given up. A Tor circuit may hang for a minute and come back; and what
 * the browser counts as sent may still wait in buffers for as long as a slice takes (25 s when all is well).
 */
const STALL = 100_000;

/** The transport of a browser page. `Request` is replaced by tests alone. */
export function createXhrTransport(Request: new () => XMLHttpRequest = XMLHttpRequest, stall = STALL): Transport {
  return (request) =>
    new Promise((resolve) => {
      if (request.signal.aborted) return resolve(null);
      const xhr = new Request();
      let timer = setTimeout(abort, stall);
      function abort(): void {
        xhr.abort();
      }
      function moved(): void {
        clearTimeout(timer);
        timer = setTimeout(abort, stall);
      }
      function end(answer: HttpAnswer | null): void {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', abort);
        resolve(answer);
      }
      request.signal.addEventListener('abort', abort);
      xhr.upload.addEventListener('progress', moved);
      xhr.addEventListener('progress', moved);
      xhr.addEventListener('load', () => end(answerOf(xhr)));
      xhr.addEventListener('error', () => end(null));
      xhr.addEventListener('abort', () => end(null));
      xhr.open(request.method, request.path);
      for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
      xhr.send(request.body);
    });
}

function answerOf(xhr: XMLHttpRequest): HttpAnswer {
  const { status, responseText: text } = xhr;
  return { status, text, header: (name) => xhr.getResponseHeader(name) };
}
