/** What is found about a parcel: codes from the table in finding-sentences.ts, and a bounded list of them, however bad the parcel is. */
import type { FINDINGS } from '../finding-sentences.ts';

export type FindingCode = keyof typeof FINDINGS;

/** Part numbers [from, to], both included. */
export type Ranges = readonly (readonly [number, number])[];

/** Values for the finding's sentence. A `path` is a file's in the bag, as the sender named it. */
export type FindingValues = Readonly<Record<string, string | number | Ranges>>;

export interface Finding {
  readonly code: FindingCode;
  readonly values: FindingValues;
}

/** Findings that are kept of one code; the rest are counted. */
export const FINDINGS_KEPT = 100;

/** See {@link createFindings}. */
export interface Findings {
  add(code: FindingCode, values?: FindingValues): void;
  has(code: FindingCode): boolean;
  /** Those kept, in the order in which they came. */
  list(): readonly Finding[];
  /** How many there were of each code, those not kept included. */
  counts(): Readonly<Partial<Record<FindingCode, number>>>;
}

/** A list of findings: empty, or with what another thread found. */
export function createFindings(
  found: readonly Finding[] = [],
  counted: Readonly<Partial<Record<FindingCode, number>>> = {},
): Findings {
  const list = [...found];
  const counts = new Map(Object.entries(counted) as [FindingCode, number][]);
  return {
    add(code, values = {}) {
      const before = counts.get(code) ?? 0;
      counts.set(code, before + 1);
      if (before < FINDINGS_KEPT) list.push({ code, values });
    },
    has: (code) => counts.has(code),
    list: () => list,
    counts: () => Object.fromEntries(counts),
  };
}
