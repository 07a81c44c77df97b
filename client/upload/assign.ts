/** Which of several files that look the same is which: the one whose path ends the same way, then the one with the same time of change. */
import type { LedgerFile } from '../../shared/ledger/entry.ts';
import { SAMPLED } from '../../shared/ledger/sampling.ts';
import type { PickedFile } from './submission-types.ts';

/**
 * For each of `files` one of `candidates`, all of which have the same size and samples. Small ones are equal to the last byte, so one of them may
 * stand for several; of larger ones each stands for one, and null where they do not suffice.
 */
export function assign(files: readonly LedgerFile[], candidates: readonly PickedFile[]): (PickedFile | null)[] {
  const [first] = candidates;
  if (first === undefined) return files.map(() => null);
  if (first.file.size <= SAMPLED) return files.map((_, i) => candidates[i % candidates.length]!);
  const pairs = files.flatMap((file, place) =>
    candidates.map((pick, other) => ({ place, other, likeness: likenessOf(file, pick) })),
  );
  pairs.sort((one, another) => another.likeness - one.likeness);
  const result: (PickedFile | null)[] = files.map(() => null);
  const taken = new Set<number>();
  for (const { place, other } of pairs) {
    if (result[place] !== null || taken.has(other)) continue;
    result[place] = candidates[other]!;
    taken.add(other);
  }
  return result;
}

/** How many names at the end of the paths are the same; half a name for the same time. */
function likenessOf(file: LedgerFile, pick: PickedFile): number {
  const one = file.path.split('/').reverse();
  const other = pick.path.split('/').reverse();
  const differs = one.findIndex((name, i) => name !== other[i]);
  return (differs < 0 ? one.length : differs) + (file.modified === pick.file.lastModified ? 0.5 : 0);
}
