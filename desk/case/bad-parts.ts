/** What went wrong with single parts, told as exactly as their hashes allow: changed, cut, swapped, repeated, or taken from another parcel. */
import type { PartStatement } from '../../shared/statements/part-statement.ts';
import type { Findings } from './findings.ts';
import { isMediumFault } from './medium.ts';
import type { PartVerdict } from './part-messages.ts';
import { createRanges } from './ranges.ts';

/** Names the parcel of the same bundle whose statements speak of a part with this SHA-256; null when there is none. */
export type FindForeign = (sha256: string) => Promise<{ readonly parcel: string; readonly part: number } | null>;

/** Gathers what came of each part; see {@link createBadParts}. */
export interface BadParts {
  /** In rising order of part. */
  add(part: number, verdict: PartVerdict): void;
  /** How many parts had nothing wrong, and how many were for other keys. */
  counts(): { readonly good: number; readonly notForUs: number };
  /** Turns what was gathered into findings. */
  tell(statements: ReadonlyMap<number, PartStatement>, findForeign: FindForeign, findings: Findings): Promise<void>;
}

/** Starts gathering. */
export function createBadParts(): BadParts {
  const differing = new Map<number, Extract<PartVerdict, { kind: 'differs' }>>();
  const others: { part: number; verdict: Extract<PartVerdict, { kind: 'unreadable' | 'undecryptable' }> }[] = [];
  const missing = createRanges();
  const notForUs = createRanges();
  let good = 0;

  return {
    add(part, verdict) {
      if (verdict.kind === 'plaintext') good++;
      else if (verdict.kind === 'missing') missing.add(part);
      else if (verdict.kind === 'not-for-us') notForUs.add(part);
      else if (verdict.kind === 'differs') differing.set(part, verdict);
      else others.push({ part, verdict });
    },
    counts: () => ({ good, notForUs: notForUs.count() }),
    async tell(statements, findForeign, findings) {
      if (missing.count() > 0) findings.add('parts-missing', { ranges: missing.list(), count: missing.count() });
      const stated = differing.size === 0 ? new Map<string, number>() : partsByHash(statements);
      for (const [part, { size, sha256 }] of differing) {
        const other = sha256 === null ? undefined : stated.get(sha256);
        if (other !== undefined) {
          const swapped = differing.get(other)?.sha256 === statements.get(part)?.sha256;
          findings.add(swapped ? 'part-swapped' : 'part-repeated', { part, other });
          continue;
        }
        const foreign = sha256 === null ? null : await findForeign(sha256);
        const expected = statements.get(part)?.size ?? 0;
        if (foreign !== null)
          findings.add('part-from-other-parcel', { part, parcel: foreign.parcel, other: foreign.part });
        else if (size < expected) findings.add('part-truncated', { part, size, expected });
        else if (size > expected) findings.add('part-too-long', { part, size, expected });
        else findings.add('part-altered', { part });
      }
      for (const { part, verdict } of others) {
        if (verdict.kind === 'unreadable') {
          const { reason } = verdict;
          findings.add(isMediumFault(reason) ? 'part-medium' : 'part-unreadable', { part, reason });
        } else if (verdict.code === 'plaintext-size') findings.add('part-size-differs', { part });
        else
          findings.add(verdict.code === 'age-header-damaged' ? 'part-header-damaged' : 'part-payload-damaged', {
            part,
          });
      }
      if (notForUs.count() === 0) return;
      const all = good + differing.size + others.length === 0;
      if (all) findings.add('not-for-us', { count: notForUs.count() });
      else findings.add('parts-not-for-us', { ranges: notForUs.list(), count: notForUs.count() });
    },
  };
}

function partsByHash(statements: ReadonlyMap<number, PartStatement>): Map<string, number> {
  return new Map([...statements].map(([part, { sha256 }]) => [sha256, part]));
}
