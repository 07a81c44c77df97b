/** Where a receipt stands in the server's public log, as far as the envelope proves it; and whether several proofs tell one history. */
import { toHex } from '../../shared/bytes/hex.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { logProofIn } from '../../shared/protocol/envelope.ts';
import type { Envelope } from '../../shared/protocol/envelope.ts';
import type { Checkpoint } from '../../shared/tlog/checkpoint.ts';
import { openLogProof } from '../../shared/tlog/log-proof.ts';
import type { FindingCode, Findings } from './findings.ts';

/** A proved place: leaf `index` of the log that had `size` leaves when the server signed `root` over them. */
export interface LogPlace {
  /** The name of the log. */
  readonly origin: string;
  readonly index: number;
  readonly size: number;
  /** In hex. */
  readonly root: string;
}

const FAULTS: Readonly<Record<string, FindingCode>> = {
  'signature-wrong': 'log-signature-wrong',
  'statement-mismatch': 'log-proof-wrong',
};

/** The place of a receipt that `receiptKey` signed; null, with a finding or a remark, where none is proved. An older envelope says nothing of it. */
export async function checkLogPlace(
  envelope: Envelope,
  receiptKey: Uint8Array,
  findings: Findings,
): Promise<LogPlace | null> {
  const proof = logProofIn(envelope);
  if (proof === null || envelope.receipt === null) {
    if (envelope.version === 2) findings.add('log-pending');
    return null;
  }
  try {
    const { index, checkpoint } = await openLogProof(proof, envelope.receipt, receiptKey);
    const { origin, size, root } = checkpoint;
    return { origin, index, size, root: toHex(root) };
  } catch (error) {
    if (!isProblem(error)) throw error;
    findings.add(FAULTS[error.code] ?? 'log-proof-invalid');
    return null;
  }
}

/** What is known of the server's log: adds a finding when two signed sizes of one log have different roots, a remark when there are several logs. */
export function checkHistory(seen: readonly (LogPlace | Checkpoint)[], findings: Findings): void {
  const roots = new Map<string, string>();
  const told = new Set<string>();
  for (const { origin, size, root } of seen) {
    const point = `${origin} ${size}`;
    const text = typeof root === 'string' ? root : toHex(root);
    if (!roots.has(point)) roots.set(point, text);
    else if (roots.get(point) !== text && !told.has(point)) {
      told.add(point);
      findings.add('log-histories', { origin, size });
    }
  }
  const logs = new Set(seen.map(({ origin }) => origin));
  if (logs.size > 1) findings.add('log-several', { count: logs.size });
}
