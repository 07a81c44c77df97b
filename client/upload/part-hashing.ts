/** The hashes of all payload files, part after part: those that go by, and those that an earlier sending wrote down. */
import { equalBytes } from '../../shared/bytes/equal.ts';
import type { ProgressRecord, RunningHash } from '../../shared/ledger/record-text.ts';
import { SAMPLED } from '../../shared/ledger/sampling.ts';
import type { Layout } from '../../shared/parcel/layout.ts';
import type { Hashing } from './hashing.ts';
import type { Cut, PlainPart } from './part-reader.ts';
import type { PartThere } from './parts-there.ts';
import { sameMidstate } from './replay.ts';

export interface PartHashingInput {
  readonly layout: Layout;
  readonly hashing: Hashing;
  /** Which browser this is: see ProgressRecord. */
  readonly writer: number;
  /** The hash that the ledger has of a payload file, if it has one: what differs from it, the records have. */
  readonly knownHash: (index: number) => Uint8Array | null;
  /** A part that is there does not go on from what was sent before it now: this file is not what it was. */
  readonly onChanged: (index: number) => void;
}

type Ended = ProgressRecord['ended'][number];

/** See {@link createPartHashing}. */
export interface PartHashing {
  /** Hashes the next part. */
  hash(plain: PlainPart): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly record: ProgressRecord }>;
  /** Goes on behind a part that is there. False when its record does not tell how: then it must be read and hashed. */
  takeOver(part: PartThere): boolean;
  /** Where the hash of the file stands that goes on in the next part; null when none does. */
  running(): RunningHash | null;
  /** SHA-256 of a file that ended in a part so far, if it was hashed or written down. */
  hashOf(index: number): Uint8Array | undefined;
}

/** Parts are to be given in order, each when the one before is done. */
export function createPartHashing(input: PartHashingInput): PartHashing {
  const { layout, hashing, writer } = input;
  const hashes = new Map<number, Uint8Array>();
  let running: RunningHash | null = null;

  /** What a later browser neither knows from the ledger nor can tell, as of a small file that is nothing but zeros. */
  function isTold({ index, sha256 }: Ended, nothing: ReadonlySet<number>): boolean {
    if (layout.payload[index]!.size > SAMPLED) return true;
    const known = input.knownHash(index);
    return !nothing.has(index) && (known === null || !equalBytes(known, sha256));
  }

  return {
    running: () => running,
    hashOf: (index) => hashes.get(index),
    async hash({ bytes, spans, cuts }) {
      const before = running;
      const done =
        spans.length === 0
          ? { bytes, hashes: [], running: null }
          : await hashing(bytes, spans, before?.midstate ?? null);
      const ended = spans.filter(({ last }) => last).map(({ index }, i) => ({ index, sha256: done.hashes[i]! }));
      for (const { index, sha256 } of ended) hashes.set(index, sha256);
      running = done.running === null ? null : { index: spans.at(-1)!.index, midstate: done.running };
      const nothing = new Set(cuts.flatMap(({ index, at }) => (at === 0 ? [index] : [])));
      const told = ended.filter((file) => isTold(file, nothing));
      return { bytes: done.bytes, record: { writer, before, running, ended: told, ...givenUp(layout, cuts) } };
    },
    takeOver({ record }) {
      if (record === null) return false;
      const { before } = record;
      if (before?.index !== running?.index || !sameMidstate(before?.midstate ?? null, running?.midstate ?? null)) {
        const index = running?.index ?? before?.index;
        if (index !== undefined) input.onChanged(index);
        return false;
      }
      for (const { index, sha256 } of record.ended) hashes.set(index, sha256);
      running = record.running;
      return true;
    },
  };
}

/** Small files of which there is nothing come in runs: a folder that vanished may hold thousands of them. */
function givenUp(layout: Layout, cuts: readonly Cut[]): Pick<ProgressRecord, 'cuts' | 'zeros'> {
  const zeros: { first: number; last: number }[] = [];
  const rest: Cut[] = [];
  for (const { index, at } of cuts) {
    const last = zeros.at(-1);
    if (at > 0 || layout.payload[index]!.size > SAMPLED) rest.push({ index, at });
    else if (last?.last === index - 1) last.last = index;
    else zeros.push({ first: index, last: index });
  }
  return { cuts: rest, zeros };
}
