/** Findings as the page shows them. */
import type { Findings } from '../case/findings.ts';
import { FINDINGS } from '../finding-sentences.ts';
import { findingText } from '../text.ts';
import type { FindingView } from '../viewer/api.ts';

/** What the source's own browser noted down needs nobody to act, as a remark. */
export function findingViews(findings: Findings): readonly FindingView[] {
  return findings.list().map((finding) => {
    const { kind } = FINDINGS[finding.code];
    return { code: finding.code, kind: kind === 'source' ? 'remark' : kind, sentence: findingText(finding) };
  });
}
