/** The outcome of an examination as JSON: the same for `--json` and for the report beside an extracted bag. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { FINDINGS } from '../finding-sentences.ts';
import { findingText } from '../text.ts';
import type { Examination } from './examine.ts';
import type { Findings } from './findings.ts';
import type { Statements } from './statements.ts';

/** Findings as JSON: code, kind, sentence and the values by name; `counts` holds how many there were of each. */
export function findingsJson(findings: Findings): Record<string, unknown> {
  return {
    findings: findings.list().map((finding) => ({
      code: finding.code,
      kind: FINDINGS[finding.code].kind,
      sentence: findingText(finding),
      ...finding.values,
    })),
    counts: findings.counts(),
  };
}

/** What the statements of a parcel prove, as JSON. */
export function statementsJson(statements: Statements | null): Record<string, unknown> {
  return {
    mailbox: statements === null ? null : toBase64Url(statements.opening.mailbox),
    card: statements?.opening.card ?? null,
    sealed: statements?.sealed ?? false,
    root: statements?.root ?? null,
    received: statements?.received ?? null,
    logged: statements?.logged ?? null,
  };
}

/** An examination as JSON. */
export function examinationJson({
  parcel,
  state,
  statements,
  reading,
  files,
  findings,
}: Examination): Record<string, unknown> {
  return {
    parcel,
    state,
    ...statementsJson(statements),
    parts: reading === null ? null : reading.parts,
    bytes: reading === null ? null : reading.bytes,
    files,
    ...findingsJson(findings),
  };
}
