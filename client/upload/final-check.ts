/** Reads once more what earlier sendings sent of files that more than one of them had to do with: is it still what was sent? */
import { equalBytes } from '../../shared/bytes/equal.ts';
import type { Midstate } from '../../shared/crypto/streaming-sha256.ts';
import { SAMPLED } from '../../shared/ledger/sampling.ts';
import type { Layout } from '../../shared/parcel/layout.ts';
import type { Clock } from './clock.ts';
import type { Hashing } from './hashing.ts';
import type { PartReader } from './part-reader.ts';
import { partsOf } from './parts-there.ts';
import type { PartsThere } from './parts-there.ts';
import { replay, sameMidstate } from './replay.ts';

/** The first `to` bytes of a file must give this. */
export interface ToCheck {
  readonly index: number;
  readonly to: number;
  readonly expected: Midstate | Uint8Array;
}

/**
 * What is to be checked. A file that one sending alone brought is of one version, whatever became of it since; a small one was read whole
 * when it was chosen again; and of one that was given up it is known that it is not whole.
 */
export function toCheck(input: {
  readonly layout: Layout;
  readonly partSize: number;
  readonly there: PartsThere;
  readonly writer: number;
  readonly cuts: ReadonlyMap<number, number>;
}): ToCheck[] {
  const { layout, partSize, there, writer, cuts } = input;
  const list: ToCheck[] = [];
  for (const [index, { size }] of layout.payload.entries()) {
    if (size <= SAMPLED || cuts.has(index)) continue;
    const { first, last } = partsOf(layout, partSize, index);
    const writers = new Set<number | null>();
    let latest = -1;
    for (let part = first; part <= last; part++) {
      const found = there.get(part);
      // A part without a record may be of any writer.
      writers.add(found === undefined ? writer : (found.record?.writer ?? null));
      if (found?.record) latest = part;
    }
    if (latest < 0 || (writers.size === 1 && !writers.has(null))) continue;
    const to = Math.min(size, (latest + 1) * partSize - layout.dataOffset(index));
    const { running, ended } = there.get(latest)!.record!;
    const expected =
      to === size ? ended.find((file) => file.index === index)?.sha256 : running?.index === index && running.midstate;
    if (expected) list.push({ index, to, expected });
  }
  return list;
}

/** Checks one after the other, a step whenever `turn` resolves. A file that cannot be read any more cannot be shown to be the same. */
export async function checkFiles(
  list: readonly ToCheck[],
  input: {
    readonly reader: PartReader;
    readonly hashing: Hashing;
    readonly clock: Clock;
    readonly turn: () => Promise<void>;
    readonly onChanged: (index: number) => void;
  },
): Promise<void> {
  const { reader, hashing, clock, turn } = input;
  for (const { index, to, expected } of list) {
    const file = reader.file(index);
    if (file === null) continue;
    const replayed = await replay({ file, to, hashing, clock, turn });
    const same =
      expected instanceof Uint8Array
        ? replayed.kind === 'hash' && equalBytes(replayed.sha256, expected)
        : replayed.kind === 'midstate' && sameMidstate(replayed.midstate, expected);
    if (!same) input.onChanged(index);
  }
}
