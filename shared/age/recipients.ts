/** age recipients: whom a file is encrypted to. Two kinds are taken, and never both for one file. */
import { Problem } from '../problem/problem.ts';
import { fromBech32 } from './bech32.ts';

/** `hybrid`: ML-KEM-768 with X25519, `age1pq1…`. `classic`: X25519 alone, `age1…`. */
export type AgeKind = 'hybrid' | 'classic';

export interface AgeRecipient {
  readonly kind: AgeKind;
  readonly text: string;
}

/** Prefix of the text and size in bytes of the public key under it (age-encryption.org/v1, "Recipient types"). */
const FORMS = { hybrid: { prefix: 'age1pq', size: 1216 }, classic: { prefix: 'age', size: 32 } } as const;

/** A recipient from its text, checksum and size checked. Problem `recipient-invalid`. */
export function parseRecipient(text: string): AgeRecipient {
  const kind = text.startsWith('age1pq1') ? 'hybrid' : 'classic';
  const { prefix, size } = FORMS[kind];
  try {
    if (fromBech32(prefix, text).length === size) return { kind, text };
  } catch {
    // Not Bech32: the same answer as for a key of the wrong size.
  }
  throw new Problem('recipient-invalid');
}

/**
 * The kind that all of the recipients are of. Mixing is refused, as by age itself: one classic recipient would undo what the
 * hybrid ones protect against. Problem `recipient-invalid`, also for none.
 */
export function commonKind(recipients: readonly string[]): AgeKind {
  const kinds = new Set(recipients.map((text) => parseRecipient(text).kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1) throw new Problem('recipient-invalid');
  return kind;
}
