/** Gives the frame what it asks for, and only that: bytes of the one file that it draws, and pdf.js's own fonts, maps and decoders. */
import { readRange } from '../file/content.ts';
import type { FromFrame, ToFrame } from './messages.ts';
import { parseFromFrame } from './messages.ts';

const HEAD = 65_536;
/** The frame cannot make the page hold more than this at once. */
const MOST_RANGE = 16 * 1_048_576;
const WORKER = '/pdf-worker.js';

export interface Served {
  readonly show: (page: number, zoom: number, turn: number) => void;
  readonly stop: () => void;
}

interface Serving {
  readonly frame: HTMLIFrameElement;
  readonly href: string;
  readonly size: number;
  /** What a page is called for those who only hear it. */
  readonly label: string;
  readonly onMessage: (message: FromFrame) => void;
}

/** Serves the frame until stopped; call it before the frame is loaded. */
export function serveFrame({ frame, href, size, label, onMessage }: Serving): Served {
  const stop = new AbortController();
  const { signal } = stop;
  // An opaque origin cannot be named; the window can.
  const tell = (message: ToFrame): void => frame.contentWindow?.postMessage(message, '*');

  const answer = async (message: FromFrame): Promise<void> => {
    if (message.kind === 'ready') {
      const head = await readRange(href, 0, Math.min(HEAD, size), signal);
      if (head === null) return onMessage({ kind: 'failed', why: 'damaged' });
      const worker = await (await fetch(WORKER, { signal, credentials: 'same-origin' })).text();
      tell({ kind: 'open', size, head, worker, label });
    } else if (message.kind === 'want-range') {
      const { from, to } = message;
      const bytes = to - from > MOST_RANGE ? null : await readRange(href, from, to, signal);
      if (bytes === null) return onMessage({ kind: 'failed', why: 'damaged' });
      tell({ kind: 'range', from, bytes });
    } else if (message.kind === 'want-asset') {
      const { folder, name, number } = message;
      const response = await fetch(`/pdf/${folder}/${name}`, { signal, credentials: 'same-origin' });
      tell({ kind: 'asset', number, bytes: response.ok ? new Uint8Array(await response.arrayBuffer()) : null });
    }
  };
  const listen = (event: MessageEvent): void => {
    if (event.source !== frame.contentWindow || event.origin !== 'null') return;
    const message = parseFromFrame(event.data, size);
    if (message === null) return;
    onMessage(message);
    answer(message).catch(() => undefined);
  };
  addEventListener('message', listen);
  return {
    show: (page, zoom, turn) => tell({ kind: 'show', page, zoom, turn }),
    stop: () => {
      removeEventListener('message', listen);
      stop.abort();
    },
  };
}
