/** What the ledger of many files costs: looked at, written, opened again, and the last sixteen files named that nobody chose. */
import type { Random } from '../shared/bytes/random.ts';
import type { CipherProvider } from '../shared/crypto/cipher-provider.ts';
import { openEntry } from '../shared/ledger/entry.ts';
import type { LedgerFile } from '../shared/ledger/entry.ts';
import { fileKey } from '../shared/ledger/file-key.ts';
import type { FileKey } from '../shared/ledger/file-key.ts';
import { openHead, sealHead } from '../shared/ledger/head.ts';
import { recoverKeys } from '../shared/ledger/parity.ts';

export interface LedgerFigures {
  /** Bytes of the head as it travels. */
  readonly bytes: number;
  /** Milliseconds each. */
  readonly keys: number;
  readonly seal: number;
  readonly open: number;
  readonly entries: number;
  readonly recover: number;
}

/** As many at a time as the browser's code has. */
const AT_ONCE = 48;

/** `count` files that differ. `now` in milliseconds. */
export async function measureLedger(
  count: number,
  provider: CipherProvider,
  random: Random,
  now: () => number,
): Promise<LedgerFigures> {
  const place = { ledgerKey: random(32), parcel: '0'.repeat(32), provider };
  let mark = now();
  const lap = () => -mark + (mark = now());

  const files: (LedgerFile & FileKey)[] = [];
  await each(count, async (i) => {
    const file = { path: `footage/2026-11-24/IMG_${i}.MP4`, size: 1_000_000 + i, modified: 1_700_000_000_000 };
    files[i] = { ...file, sha256: null, ...(await fileKey({ ...place, fingerprint: random(32) })) };
  });
  const keys = lap();
  const { pages } = await sealHead({ ...place, day: '2026-11-24', files, message: null, random });
  const seal = lap();
  const head = await openHead({ ...place, pages });
  const open = lap();
  await each(count, async (index) => {
    const { path } = await openEntry(head.files[index]!.entry, { ...place, key: files[index]!.key, index });
    if (path !== files[index]!.path) throw new Error('an entry is another file’s');
  });
  const entries = lap();
  const lost = (i: number) => i % Math.floor(count / 16) === 0 && i < 16 * Math.floor(count / 16);
  const known = head.files.map(({ tag }, i) => ({ tag, key: lost(i) ? null : files[i]!.key }));
  if (recoverKeys(known, head.parity) === null) throw new Error('the files that are missing were not found');
  const recover = lap();
  return { bytes: pages.reduce((sum, { length }) => sum + length, 0), keys, seal, open, entries, recover };
}

async function each(count: number, work: (index: number) => Promise<void>): Promise<void> {
  for (let first = 0; first < count; first += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, i) => work(first + i)));
}
