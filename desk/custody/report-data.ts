/** The custody report as data: what report.json holds, and all that the readable forms say. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { Card } from '../../shared/statements/card.ts';
import { openDeskStatement } from '../../shared/statements/desk.ts';
import { rootFingerprint } from '../../shared/statements/fingerprint.ts';
import { openedParts } from '../../shared/statements/opening.ts';
import type { Examination } from '../case/examine.ts';
import type { Finding } from '../case/findings.ts';
import type { Keys } from '../keys/key-folder.ts';
import { findingText } from '../text.ts';
import type { CaseLog } from './case-log.ts';
import type { CheckpointStamp } from './checkpoint-stamp.ts';
import { clockGaps, parcelGaps } from './report-gaps.ts';
import type { ReportItem } from './report-item.ts';
import type { ReportProofs } from './report-proofs.ts';
import { NOT_PROVED, proved, verifyCommands } from './report-words.ts';

/** See docs/protocol.md, "Custody report". Fields are written in this order. */
export interface Report {
  readonly report: 'postern/custody-report/v1';
  readonly parcel: string;
  readonly organisation: string;
  readonly demonstration: boolean;
  readonly made: { readonly time: string; readonly clock: { readonly source: string; readonly doubt: string | null } };
  readonly by: { readonly role: string; readonly device: string };
  readonly state: Examination['state'];
  readonly proofs: ReportProofs;
  readonly parts: {
    readonly size: number | null;
    readonly count: number | null;
    readonly stream: number | null;
    readonly statements: readonly { readonly part: number; readonly size: number; readonly sha256: string }[];
  };
  readonly keys: {
    readonly root: string;
    readonly fingerprint: string;
    readonly desk: string;
    readonly card: {
      readonly sealedUnder: number | null;
      readonly serial: number | null;
      readonly issued: string | null;
    };
    readonly recipients: readonly {
      readonly from: string;
      readonly until: string;
      readonly recipient: string;
      readonly sha256: string;
      readonly heldBy: string;
    }[];
  };
  readonly items: readonly ReportItem[];
  readonly events: { readonly count: number; readonly head: string };
  readonly findings: readonly { readonly code: string; readonly sentence: string }[];
  readonly gaps: readonly string[];
  readonly proved: readonly string[];
  readonly notProved: readonly string[];
  readonly verify: readonly { readonly what: string; readonly command: string }[];
}

/** Puts a report together. */
export async function makeReport(input: {
  examination: Examination;
  items: readonly ReportItem[];
  checkpointStamp: CheckpointStamp | null;
  /** Findings about the bundle as a whole. */
  bundleFindings: readonly Finding[];
  keys: Keys;
  card: Card | null;
  receiptKeys: readonly Uint8Array[];
  log: CaseLog;
  now: Date;
  doubt: string | null;
  role: string;
}): Promise<Report> {
  const { examination, items, keys, card, receiptKeys, log, now, doubt, role } = input;
  const { parcel, state, statements, findings } = examination;
  const own = await openDeskStatement(keys.deskNote, keys.root.publicKey);
  const proofs: ReportProofs = {
    mailbox: statements === null ? null : toBase64Url(statements.opening.mailbox),
    sealed: statements?.sealed ?? false,
    root: statements?.root ?? null,
    received: statements?.received ?? null,
    receiptKeys: [...new Set(receiptKeys.map((key) => toBase64Url(key)))],
    log: statements?.logged ?? null,
    checkpointStamp: input.checkpointStamp,
  };
  return {
    report: 'postern/custody-report/v1',
    parcel,
    organisation: keys.organisation.name,
    demonstration: keys.organisation.demo,
    made: { time: `${now.toISOString().slice(0, 19)}Z`, clock: { source: "this machine's clock", doubt } },
    by: { role, device: own.desk },
    state,
    proofs,
    parts: {
      size: statements?.opening.partSize ?? null,
      count: statements === null ? null : openedParts(statements.opening),
      stream: statements?.opening.size ?? null,
      statements: [...(statements?.parts.values() ?? [])]
        .map(({ part, size, sha256: hash }) => ({ part, size, sha256: hash }))
        .toSorted((a, b) => a.part - b.part),
    },
    keys: {
      root: toBase64Url(keys.root.publicKey),
      fingerprint: await rootFingerprint(keys.root.publicKey),
      desk: toBase64Url(own.key),
      card: {
        sealedUnder: statements?.opening.card ?? null,
        serial: card?.serial ?? null,
        issued: card?.issued ?? null,
      },
      recipients: await Promise.all(
        (card?.recipients ?? []).map(async ({ from, until, recipient }) => ({
          from,
          until,
          recipient,
          sha256: toHex(await sha256(utf8Encode(recipient))),
          heldBy: keys.identities.some((identity) => identity.recipient === recipient)
            ? `this desk (${own.desk})`
            : 'another desk of the organisation, or nobody any more',
        })),
      ),
    },
    items,
    events: { count: log.events().length, head: log.head() },
    findings: [...input.bundleFindings, ...findings.list()].map((finding) => ({
      code: finding.code,
      sentence: findingText(finding),
    })),
    gaps: [...clockGaps(doubt, log.events()), ...parcelGaps(examination, items)],
    proved: proved({ proofs, organisation: keys.organisation.name, items }),
    notProved: NOT_PROVED,
    verify: verifyCommands(parcel, proofs, items),
  };
}
