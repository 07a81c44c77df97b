/**
 * The head of a ledger: what is written once, before the first part, of all files of a parcel. With the codename alone it tells the day,
 * how many files there are, which of them have equal contents and about how long their paths are. An entry opens with its file.
 */
import type { Random } from '../bytes/random.ts';
import type { CipherProvider } from '../crypto/cipher-provider.ts';
import { sealClosing } from './closing.ts';
import type { ClosingMessage } from './closing.ts';
import { sealEntry } from './entry.ts';
import type { LedgerFile } from './entry.ts';
import type { FileKey } from './file-key.ts';
import { decodeHead, encodeHead } from './head-text.ts';
import { listKey } from './list-key.ts';
import { openPages, sealPages } from './pages.ts';
import type { Pages } from './pages.ts';
import type { Head } from './head-text.ts';
import { parityOf } from './parity.ts';

/** How many entries are sealed before others have their turn. */
const AT_ONCE = 256;

/** The pages of a new head, and the list key. `files` in the order of the layout, without the message; at least one. Problem `limit-exceeded`. */
export async function sealHead(input: {
  readonly ledgerKey: Uint8Array;
  readonly parcel: string;
  /** The day on which the parcel was begun. */
  readonly day: string;
  readonly files: readonly (LedgerFile & FileKey)[];
  /** Null when there is none. */
  readonly message: ClosingMessage | null;
  readonly random: Random;
  readonly provider: CipherProvider;
  /** Waited for now and then: a long list must not keep everything else waiting. */
  readonly turn?: () => Promise<void>;
}): Promise<{ readonly pages: Uint8Array<ArrayBuffer>[]; readonly listKey: Uint8Array }> {
  const { ledgerKey, parcel, day, files, message, random, provider } = input;
  const secret = await listKey({ ledgerKey, parcel, keys: files.map(({ key }) => key) });
  const entries: Uint8Array[] = [];
  for (const [index, file] of files.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await input.turn?.();
    entries.push(await sealEntry(file, { key: file.key, index, parcel, provider }));
  }
  const plaintext = encodeHead({
    day,
    files: files.map(({ tag }, i) => ({ tag, entry: entries[i]! })),
    parity: parityOf(files),
    closing: await sealClosing(message, { listKey: secret, parcel, random, provider }),
  });
  return { pages: await sealPages(plaintext, { ledgerKey, parcel, random, provider }), listKey: secret };
}

/** The head in all its pages, in order. Problem `ledger-damaged` for pages that are missing, of another parcel or of another head. */
export async function openHead(input: {
  readonly ledgerKey: Uint8Array;
  readonly parcel: string;
  readonly pages: Pages;
  readonly provider: CipherProvider;
}): Promise<Head> {
  const { pages, ...place } = input;
  return decodeHead(await openPages(pages, place));
}
