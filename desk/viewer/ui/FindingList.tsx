/** What the desk found out about a parcel or a bundle, in its sentences, the grave ones first. */
import type { FindingView } from '../api.ts';

const RANK = { damage: 0, foreign: 1, unfinished: 2, remark: 3 } as const;

export function FindingList({ findings }: { readonly findings: readonly FindingView[] }) {
  const sorted = findings.toSorted((a, b) => RANK[a.kind] - RANK[b.kind]);
  return (
    <ul className="findings">
      {sorted.map(({ code, kind, sentence }, index) => (
        <li key={`${code} ${index}`} className={`finding finding-${kind}`}>
          {sentence}
        </li>
      ))}
    </ul>
  );
}
