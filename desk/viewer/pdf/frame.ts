/** Runs alone in a frame of no origin and no connection: draws one page of a PDF at a time. No script, link or form of the document is used. */
import { AnnotationMode, GlobalWorkerOptions, PDFDataRangeTransport, getDocument } from 'pdfjs-dist';
import type { PDFDocumentProxy, RenderTask } from 'pdfjs-dist';
import type { AssetFolder, FromFrame, ToFrame } from './messages.ts';

const MOST_IMAGE_PIXELS = 100_000_000;
const MOST_CANVAS_PIXELS = 16_000_000;

const FOLDERS: Readonly<Record<string, AssetFolder>> = {
  cMapUrl: 'cmaps',
  standardFontDataUrl: 'fonts',
  wasmUrl: 'wasm',
};

const tell = (message: FromFrame): void => parent.postMessage(message, location.origin);
const assets = new Map<number, (bytes: Uint8Array | null) => void>();
let assetsAsked = 0;
let ranges: PDFDataRangeTransport | null = null;
let label = '';
let opened: PDFDocumentProxy | null = null;
let drawing: RenderTask | null = null;
let wanted = { page: 1, zoom: 1, turn: 0 };

/** pdf.js asks it for character maps, fonts and decoders; the page has them. */
class AskPage {
  async fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
    const folder = FOLDERS[kind];
    if (folder === undefined) throw new Error('no such folder');
    const number = assetsAsked++;
    const bytes = await new Promise<Uint8Array | null>((resolve) => {
      assets.set(number, resolve);
      tell({ kind: 'want-asset', number, folder, name: filename });
    });
    if (bytes === null) throw new Error('no such file');
    return bytes;
  }
}

class Ranges extends PDFDataRangeTransport {
  override requestDataRange(from: number, to: number): void {
    tell({ kind: 'want-range', from, to: Math.min(to, this.length) });
  }
}

async function open(message: Extract<ToFrame, { kind: 'open' }>): Promise<void> {
  label = message.label;
  const address = URL.createObjectURL(new Blob([message.worker], { type: 'text/javascript' }));
  GlobalWorkerOptions.workerPort = new Worker(address);
  ranges = new Ranges(message.size, message.head);
  const task = getDocument({
    range: ranges,
    disableAutoFetch: true,
    disableStream: true,
    useWorkerFetch: false,
    BinaryDataFactory: AskPage,
    // Only by name, for writing whose letters the document does not bring along.
    useSystemFonts: true,
    enableXfa: false,
    maxImageSize: MOST_IMAGE_PIXELS,
    verbosity: 0,
  });
  task.onPassword = () => {
    tell({ kind: 'failed', why: 'locked' });
    void task.destroy();
  };
  opened = await task.promise;
  tell({ kind: 'opened', pages: opened.numPages });
  await show();
}

async function show(): Promise<void> {
  const sheet = document.getElementById('sheet');
  if (opened === null || sheet === null) return;
  const { page: number, zoom, turn } = wanted;
  drawing?.cancel();
  const page = await opened.getPage(Math.max(1, Math.min(opened.numPages, number)));
  const plain = page.getViewport({ scale: 1, rotation: (page.rotate + turn * 90) % 360 });
  const room = Math.max(200, document.documentElement.clientWidth - 32);
  const across = Math.min(room, 900) * zoom;
  const sharp = Math.min(devicePixelRatio, 2) * (across / plain.width);
  const scale = Math.min(sharp, Math.sqrt(MOST_CANVAS_PIXELS / (plain.width * plain.height)));
  const viewport = page.getViewport({ scale, rotation: plain.rotation });
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  canvas.style.inlineSize = `${across}px`;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `${label} ${number}`);
  drawing = page.render({ canvas, viewport, annotationMode: AnnotationMode.ENABLE });
  await drawing.promise;
  const words = document.createElement('p');
  words.className = 'words';
  words.textContent = await textOf(page);
  sheet.replaceChildren(canvas, words);
  sheet.tabIndex = 0;
  page.cleanup();
  tell({ kind: 'shown', page: number });
}

/** For those who do not see the drawing. */
async function textOf(page: Awaited<ReturnType<PDFDocumentProxy['getPage']>>): Promise<string> {
  const { items } = await page.getTextContent();
  return items.map((item) => ('str' in item ? item.str : '')).join(' ');
}

function failed(error: unknown): void {
  // A newer wish has overtaken the drawing.
  if (error instanceof Error && error.name === 'RenderingCancelledException') return;
  tell({ kind: 'failed', why: 'damaged' });
}

addEventListener('message', (event: MessageEvent<ToFrame>) => {
  if (event.source !== parent) return;
  const message = event.data;
  if (message.kind === 'open') open(message).catch(failed);
  else if (message.kind === 'range') ranges?.onDataRange(message.from, message.bytes);
  else if (message.kind === 'asset') {
    assets.get(message.number)?.(message.bytes);
    assets.delete(message.number);
  } else {
    wanted = message;
    show().catch(failed);
  }
});
tell({ kind: 'ready' });
