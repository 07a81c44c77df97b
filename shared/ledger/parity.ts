/**
 * Sums over the keys of all files, so that the last few that cannot be found any more can be named and left out. Of d different keys there
 * are m = min(16, d / 2) sums, with coefficients of a Vandermonde matrix: any m columns of it are independent. So m missing keys follow
 * from all others, and while more than m are missing, each of them (and any few of them together) is as unknown as if there were no sums.
 */
import { toHex } from '../bytes/hex.ts';
import { fromElement, inverse, PRIME, reduce, toElement } from './field.ts';

/** Most files that can be recovered. */
export const MAX_PARITY = 16;

/** How many sums there are for so many different keys. */
export function parityCount(different: number): number {
  return Math.min(MAX_PARITY, Math.floor(different / 2));
}

/** The sums over the keys of all files, in the order of the list; equal tags mean equal keys, which count once, where they come first. */
export function parityOf(files: readonly { readonly tag: Uint8Array; readonly key: Uint8Array }[]): Uint8Array[] {
  const { first } = differentTags(files.map(({ tag }) => tag));
  const sums = sumsOf(
    first.map((index) => toElement(files[index]!.key)),
    parityCount(first.length),
  );
  return sums.map(fromElement);
}

/**
 * The keys of all files, in the order of the list, from those that are known (null for the others). Null when more different keys are
 * missing than there are sums. A wrong sum gives wrong keys: openEntry tells.
 */
export function recoverKeys(
  files: readonly { readonly tag: Uint8Array; readonly key: Uint8Array | null }[],
  parity: readonly Uint8Array[],
): Uint8Array[] | null {
  const { first, of } = differentTags(files.map(({ tag }) => tag));
  const known: (Uint8Array | null)[] = first.map(() => null);
  files.forEach(({ key }, index) => (known[of[index]!] ??= key));
  const missing = known.flatMap((key, place) => (key === null ? [place] : []));
  if (missing.length > parity.length) return null;
  const sums = sumsOf(
    known.map((key) => (key === null ? 0n : toElement(key))),
    missing.length,
  );
  const rest = sums.map((sum, j) => reduce(toElement(parity[j]!) - sum));
  const found = solve(
    missing.map((place) => BigInt(place + 1)),
    rest,
  );
  missing.forEach((place, i) => (known[place] = fromElement(found[i]!)));
  return of.map((place) => known[place]!);
}

/** Numbers the different tags in the order in which they come: the file where each comes first, and the number of each file's tag. */
function differentTags(tags: readonly Uint8Array[]): { readonly first: number[]; readonly of: number[] } {
  const numbers = new Map<string, number>();
  const first: number[] = [];
  const of = tags.map((tag, index) => {
    const name = toHex(tag);
    const number = numbers.get(name) ?? first.push(index) - 1;
    numbers.set(name, number);
    return number;
  });
  return { first, of };
}

/** Sum j is Σ keys[i] · (i + 1)^j. */
function sumsOf(keys: readonly bigint[], count: number): bigint[] {
  const sums = Array.from({ length: count }, () => 0n);
  keys.forEach((key, i) => {
    const x = BigInt(i + 1);
    let term = key;
    for (let j = 0; j < count; j++) {
      sums[j]! += term;
      term = (term * x) % PRIME;
    }
  });
  return sums.map(reduce);
}

/** The numbers y with Σ y[i] · xs[i]^j = sums[j] for every j: one for each of the different `xs`, by Gauss and Jordan. */
function solve(xs: readonly bigint[], sums: readonly bigint[]): bigint[] {
  const n = xs.length;
  const rows = sums.map((sum, j) => [...xs.map((x) => reduce(x ** BigInt(j))), sum]);
  for (let column = 0; column < n; column++) {
    const pivot = rows.findIndex((row, j) => j >= column && row[column] !== 0n);
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const scale = inverse(rows[column]![column]!);
    const scaled = rows[column]!.map((value) => reduce(value * scale));
    rows.forEach((row, j) => {
      const factor = row[column]!;
      rows[j] = j === column ? scaled : row.map((value, k) => reduce(value - factor * scaled[k]!));
    });
  }
  return rows.map((row) => row[n]!);
}
