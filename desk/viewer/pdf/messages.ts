/** What the page and the frame that draws a PDF say to each other. The frame has no connection: every byte it sees came in one of these. */

/** From the page to the frame. */
export type ToFrame =
  | {
      readonly kind: 'open';
      readonly size: number;
      readonly head: Uint8Array;
      readonly worker: string;
      readonly label: string;
    }
  | { readonly kind: 'range'; readonly from: number; readonly bytes: Uint8Array | null }
  | { readonly kind: 'asset'; readonly number: number; readonly bytes: Uint8Array | null }
  | { readonly kind: 'show'; readonly page: number; readonly zoom: number; readonly turn: number };

/** From the frame to the page, which takes none of it on trust. */
export type FromFrame =
  | { readonly kind: 'ready' }
  | { readonly kind: 'want-range'; readonly from: number; readonly to: number }
  | { readonly kind: 'want-asset'; readonly number: number; readonly folder: AssetFolder; readonly name: string }
  | { readonly kind: 'opened'; readonly pages: number }
  | { readonly kind: 'shown'; readonly page: number }
  | { readonly kind: 'failed'; readonly why: 'locked' | 'damaged' };

export const ASSET_FOLDERS = ['cmaps', 'fonts', 'wasm'] as const;
export type AssetFolder = (typeof ASSET_FOLDERS)[number];

/** Checks a message of the frame; null for anything else. What draws a hostile file may say anything. */
export function parseFromFrame(data: unknown, size: number): FromFrame | null {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return null;
  const said = data as Readonly<Record<string, unknown>>;
  const count = (name: string, most: number): number | null => {
    const value = said[name];
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most ? value : null;
  };
  switch (said['kind']) {
    case 'ready':
      return { kind: 'ready' };
    case 'want-range': {
      const [from, to] = [count('from', size), count('to', size)];
      return from === null || to === null || to <= from ? null : { kind: 'want-range', from, to };
    }
    case 'want-asset': {
      const [number, name] = [count('number', 1_000_000), said['name']];
      const folder = ASSET_FOLDERS.find((each) => each === said['folder']);
      if (number === null || folder === undefined) return null;
      if (typeof name !== 'string' || !/^[\w-]{1,64}\.(bcmap|pfb|ttf|wasm|js)$/.test(name)) return null;
      return { kind: 'want-asset', number, folder, name };
    }
    case 'opened': {
      const pages = count('pages', 10_000_000);
      return pages === null ? null : { kind: 'opened', pages };
    }
    case 'shown': {
      const page = count('page', 10_000_000);
      return page === null ? null : { kind: 'shown', page };
    }
    case 'failed':
      return { kind: 'failed', why: said['why'] === 'locked' ? 'locked' : 'damaged' };
    default:
      return null;
  }
}
