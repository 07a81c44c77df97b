/** A log of receipts in memory, and proofs out of it, as a server would publish them. */
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { hashLeaf, pathOver, rootOver } from '../../server/store/hash-tree.ts';
import { logName, signCheckpoint } from '../../shared/tlog/checkpoint.ts';
import { receiptEntry } from '../../shared/tlog/entry.ts';
import { formatLogProof } from '../../shared/tlog/log-proof.ts';
import { random } from './random-bytes.ts';

export interface TestLog {
  readonly name: string;
  /** Adds a tile in which the receipt stands; gives the proof against the checkpoint that is then. */
  add(receipt: string): Promise<string>;
  /** Adds so many tiles in which nothing stands. */
  grow(tiles: number): void;
  checkpoint(): Promise<string>;
  /** Roots of its tiles. */
  roots(): readonly Uint8Array[];
  /** Another history: the same log as it is now, which goes on by itself. */
  fork(): TestLog;
}

/** An empty log whose checkpoints the key signs. */
export function createTestLog(key: SigningKey, start = random(16), tiles: Uint8Array[][] = []): TestLog {
  const roots = (): Uint8Array[] => tiles.map(rootOver);
  const checkpoint = (): Promise<string> =>
    signCheckpoint({ origin: logName(start), size: tiles.length * 256, root: rootOver(roots()) }, key);
  const drawn = (): Uint8Array[] => Array.from({ length: 256 }, () => random(32));
  return {
    name: logName(start),
    async add(receipt) {
      const blinding = random(32);
      const place = random(1)[0]!;
      tiles.push(drawn().with(place, hashLeaf(await receiptEntry(blinding, receipt))));
      const tile = tiles.length - 1;
      const path = [...pathOver(tiles[tile]!, place), ...pathOver(roots(), tile)];
      return formatLogProof({ blinding, index: tile * 256 + place, path, checkpoint: await checkpoint() });
    },
    grow(count) {
      for (let tile = 0; tile < count; tile++) tiles.push(drawn());
    },
    checkpoint,
    roots,
    fork: () => createTestLog(key, start, [...tiles]),
  };
}
