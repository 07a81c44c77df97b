/** The organisation's current key card and its root key, as files in the data folder. */
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { openCard } from '../../shared/statements/card.ts';
import type { Card } from '../../shared/statements/card.ts';
import { passOn } from './crash-points.ts';
import type { Reach } from './crash-points.ts';
import { watchFile } from './watched-file.ts';

export interface InstalledCard {
  readonly note: string;
  readonly card: Card;
}

export interface CardFile {
  /** The current card. Problem `card-missing` while there is none that the root key signed. */
  current(): Promise<InstalledCard>;
  /** Puts a newer card of the same root in its place. Problems `card-missing`, `card-untrusted`, `card-outdated`, `statement-mismatch`. */
  install(note: string): Promise<void>;
}

/** The card of a data folder. `receiptKey` is the server's own: a card that names another would make its receipts worthless. */
export function openCardFile(data: string, receiptKey: Uint8Array, random: Random, reach = passOn): CardFile {
  const rootKey = watchFile(join(data, 'root.pub'), (text) => Promise.resolve(fromBase64Url(text.trim(), 32)));
  const file = join(data, 'card.note');
  const note = watchFile(file, (text) => Promise.resolve(text));

  const read = async (): Promise<InstalledCard | null> => {
    const [root, text] = await Promise.all([rootKey(), note()]);
    if (root === null || text === null) return null;
    return { note: text, card: await openCard(text, root) };
  };

  let known: InstalledCard | null = null;
  const current = async (): Promise<InstalledCard | null> => {
    const [root, text] = await Promise.all([rootKey(), note()]);
    const same = known !== null && known.note === text && root !== null && equalBytes(known.card.rootKey, root);
    if (!same) known = await read().catch(() => null);
    return known;
  };

  return {
    async current() {
      const installed = await current();
      if (installed === null) throw new Problem('card-missing');
      return installed;
    },
    async install(text) {
      const root = await rootKey();
      if (root === null) throw new Problem('card-missing');
      const card = await openCard(text, root);
      const installed = await current();
      if (installed !== null && card.serial <= installed.card.serial && text !== installed.note)
        throw new Problem('card-outdated');
      if (!equalBytes(card.receiptKey, receiptKey)) throw new Problem('statement-mismatch');
      await replaceFile(data, file, text, { random, reach });
    },
  };
}

async function replaceFile(
  folder: string,
  file: string,
  text: string,
  { random, reach }: { random: Random; reach: Reach },
): Promise<void> {
  const fresh = `${file}.${toHex(random(8))}`;
  const handle = await open(fresh, 'wx', 0o644);
  await handle.writeFile(text);
  await handle.sync();
  await handle.close();
  reach('card-written');
  await rename(fresh, file);
  reach('card-renamed');
  const parent = await open(folder, 'r');
  await parent.sync();
  await parent.close();
}
