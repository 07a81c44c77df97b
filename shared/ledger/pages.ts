/** Cuts the text of a head into pages, each a box, that know their place, their number and that they belong together. */
import { concat } from '../bytes/concat.ts';
import { equalBytes } from '../bytes/equal.ts';
import type { Random } from '../bytes/random.ts';
import type { CipherProvider } from '../crypto/cipher-provider.ts';
import { Problem } from '../problem/problem.ts';
import { BOX_OVERHEAD, openBox, sealBox } from './box.ts';

/** Most bytes of a sealed page. */
export const PAGE_BYTES = 262_144;
/** Most pages of a head. */
export const MAX_PAGES = 4_096;

/** What comes before the bytes of every page: how many pages there are (4 bytes, big-endian) and 16 random bytes, the same in all. */
const MARK_BYTES = 4 + 16;
const ROOM = PAGE_BYTES - BOX_OVERHEAD - MARK_BYTES;

interface Place {
  readonly ledgerKey: Uint8Array;
  readonly parcel: string;
  readonly provider: CipherProvider;
}

/** Pages that hold `text`. Problem `limit-exceeded` when they are too many. */
export async function sealPages(
  text: Uint8Array,
  place: Place & { readonly random: Random },
): Promise<Uint8Array<ArrayBuffer>[]> {
  const count = Math.ceil(text.length / ROOM);
  if (count > MAX_PAGES) throw new Problem('limit-exceeded');
  const mark = concat(new Uint8Array(4), place.random(MARK_BYTES - 4));
  new DataView(mark.buffer).setUint32(0, count);
  const pages: Uint8Array<ArrayBuffer>[] = [];
  for (let page = 0; page < count; page++) {
    const plaintext = concat(mark, text.subarray(page * ROOM, (page + 1) * ROOM));
    pages.push(await sealBox({ ...boxOf(place, page), plaintext, random: place.random }));
  }
  return pages;
}

/** Sealed pages in order, at hand or on their way: none is asked for before the one before it has opened. */
export type Pages = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** The text of all pages of one head, in order. Problem `ledger-damaged`. */
export async function openPages(pages: Pages, place: Place): Promise<Uint8Array> {
  const texts: Uint8Array[] = [];
  let mark: Uint8Array | null = null;
  for await (const box of pages) {
    const plaintext = await openBox({ ...boxOf(place, texts.length), box });
    if (plaintext.length <= MARK_BYTES) throw new Problem('ledger-damaged');
    mark ??= plaintext.subarray(0, MARK_BYTES);
    if (!equalBytes(mark, plaintext.subarray(0, MARK_BYTES))) throw new Problem('ledger-damaged');
    texts.push(plaintext.subarray(MARK_BYTES));
  }
  if (mark === null || new DataView(mark.buffer).getUint32(mark.byteOffset) !== texts.length)
    throw new Problem('ledger-damaged');
  return concat(...texts);
}

function boxOf({ ledgerKey, parcel, provider }: Place, page: number) {
  return { secret: ledgerKey, info: `postern/ledger/v1/page/${parcel}/${page}`, provider };
}
