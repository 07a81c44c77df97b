/** The log of receipts against itself: every tile has its root, the checkpoint is over them and signed, and each receipt stands where its row says. */
import { isProblem } from '../../../shared/problem/problem.ts';
import { equalBytes } from '../../../shared/bytes/equal.ts';
import { toHex } from '../../../shared/bytes/hex.ts';
import { logName, openCheckpoint } from '../../../shared/tlog/checkpoint.ts';
import { receiptEntry } from '../../../shared/tlog/entry.ts';
import { TILE_WIDTH } from '../../../shared/tlog/tile-path.ts';
import type { Database } from '../../store/database.ts';
import { hashLeaf, rootOver } from '../../store/hash-tree.ts';
import { openReceiptLog } from '../../store/receipt-log.ts';
import type { LogHead, ReceiptLog } from '../../store/receipt-log.ts';
import type { Fault } from './faults.ts';

export interface LogCheck {
  readonly database: Database;
  /** Public half of the key that signs checkpoints. */
  readonly receiptKey: Uint8Array;
  readonly onFault: (fault: Fault) => void;
}

const PAGE = 500;

interface Placed {
  readonly parcel: Uint8Array;
  readonly leaf: bigint;
  readonly blinding: Uint8Array;
  readonly receipt: string | null;
}

/** Checks the log, if there is one. */
export async function checkLog({ database, receiptKey, onFault }: LogCheck): Promise<void> {
  const log = openReceiptLog(database);
  const head = await log.head();
  const roots = await log.roots(0);
  if (head === null ? roots.length > 0 : !(await isWhole(log, head, roots, receiptKey)))
    onFault({ kind: 'log-differs', parcel: null, part: null, blob: null });

  for (let after = -1n; ;) {
    const rows = await database.run(
      (sql) => sql<Placed[]>`
        select l.parcel, leaf, blinding, receipt from log_receipt l join parcel p on p.id = l.parcel
        where leaf > ${after} order by leaf limit ${PAGE}`,
    );
    for (const { parcel, leaf, blinding, receipt } of rows) {
      const entries = await log.entries(Math.floor(Number(leaf) / TILE_WIDTH));
      const entry = entries?.[Number(leaf) % TILE_WIDTH];
      const isThere = entry !== undefined && equalBytes(entry, await receiptEntry(blinding, receipt ?? ''));
      if (!isThere) onFault({ kind: 'log-place-differs', parcel: toHex(parcel), part: null, blob: null });
    }
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.leaf;
  }
}

async function isWhole(log: ReceiptLog, head: LogHead, seen: readonly Uint8Array[], key: Uint8Array): Promise<boolean> {
  // One that was published meanwhile may have added some.
  const roots = seen.slice(0, head.size / TILE_WIDTH);
  if (roots.length * TILE_WIDTH !== head.size) return false;
  for (const [tile, root] of roots.entries()) {
    const entries = await log.entries(tile);
    if (entries === null || !equalBytes(rootOver(entries.map(hashLeaf)), root)) return false;
  }
  try {
    const { origin, size, root } = await openCheckpoint(head.checkpoint, key);
    return origin === logName(head.start) && size === head.size && equalBytes(root, rootOver(roots));
  } catch (error) {
    if (!isProblem(error)) throw error;
    return false;
  }
}
