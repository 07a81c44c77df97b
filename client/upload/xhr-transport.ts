/** HTTP by XMLHttpRequest, which alone tells how far a body has gone: so a stalled link is noticed. Nothing is kept, nothing is sent elsewhere. */
import { MAX_ANSWER } from './transport.ts';
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
      const { binary = false, most = MAX_ANSWER } = request;
      let timer = setTimeout(abort, stall);
      function abort(): void {
        xhr.abort();
      }
      function moved(): void {
        clearTimeout(timer);
        timer = setTimeout(abort, stall);
      }
      /** Bytes of the answer's body have come. */
      function came({ loaded, total, lengthComputable }: ProgressEvent): void {
        // Firefox counts what came, not what that is when it is unpacked.
        const unpacked = binary ? 0 : xhr.responseText.length;
        if (Math.max(loaded, unpacked) <= most && !(lengthComputable && total > most)) moved();
        else refuse();
      }
      /** Of bytes nothing can be seen before all are here. Those that we ask for are encrypted, so that nobody has a reason to pack them. */
      function changed(): void {
        if (xhr.status > 0 && xhr.getResponseHeader('content-encoding') !== null) refuse();
      }
      function refuse(): void {
        end({ status: xhr.status, text: '', header: () => null });
        abort();
      }
      function end(answer: HttpAnswer | null): void {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', abort);
        resolve(answer);
      }
      request.signal.addEventListener('abort', abort);
      xhr.upload.addEventListener('progress', moved);
      xhr.addEventListener('progress', came);
      if (binary) xhr.addEventListener('readystatechange', changed);
      xhr.addEventListener('load', () => end(answerOf(xhr, binary, most)));
      xhr.addEventListener('error', () => end(null));
      xhr.addEventListener('abort', () => end(null));
      xhr.open(request.method, request.path);
      if (binary) xhr.responseType = 'arraybuffer';
      for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
      xhr.send(request.body);
    });
}

function answerOf(xhr: XMLHttpRequest, binary: boolean, most: number): HttpAnswer {
  const { status } = xhr;
  const header = (name: string): string | null => xhr.getResponseHeader(name);
  if (!binary) return { status, text: xhr.responseText.length > most ? '' : xhr.responseText, header };
  const bytes = new Uint8Array(xhr.response as ArrayBuffer);
  if (bytes.length > most) return { status, text: '', header };
  if (status >= 200 && status <= 299) return { status, text: '', bytes, header };
  return { status, text: new TextDecoder().decode(bytes), header };
}
