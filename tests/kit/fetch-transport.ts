/** The client's way out over fetch: for its code that runs in Node. */
import { MAX_ANSWER } from '../../client/upload/transport.ts';
import type { Transport } from '../../client/upload/transport.ts';

/** A transport to the server at `base`. */
export function fetchTransport(base: string): Transport {
  return async ({ method, path, headers, body, signal, binary = false, most = MAX_ANSWER }) => {
    try {
      const response = await fetch(new URL(path, base), { headers, signal, method, ...(body && { body }) });
      const { status } = response;
      const header = (name: string): string | null => response.headers.get(name);
      const read = new Uint8Array(await response.arrayBuffer());
      if (read.length > most) return { status, text: '', header };
      if (binary && response.ok) return { status, text: '', bytes: read, header };
      return { status, text: new TextDecoder().decode(read), header };
    } catch {
      return null;
    }
  };
}
