/** age identities: the secret halves, as texts `AGE-SECRET-KEY-PQ-1…` (hybrid) and `AGE-SECRET-KEY-1…` (classic). */
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Problem } from '../problem/problem.ts';
import { fromBech32, toBech32 } from './bech32.ts';
import type { AgeKind } from './recipients.ts';

/** Both kinds are 32 bytes: an X-Wing seed, or an X25519 scalar. */
const SECRET_SIZE = 32;
const PREFIXES = { hybrid: 'age-secret-key-pq-', classic: 'age-secret-key-' } as const;

/** A new identity, its randomness drawn by age-encryption from the platform. */
export function generateIdentity(kind: AgeKind): Promise<string> {
  return kind === 'hybrid' ? generateHybridIdentity() : generateX25519Identity();
}

/** The hybrid identity whose seed is these 32 bytes. Problem `internal` on another length. */
export function hybridIdentityFromSeed(seed: Uint8Array): string {
  return identityFromSecret('hybrid', seed);
}

/** Refuses what is not an identity of either kind. Problem `identity-invalid`. */
export function checkIdentity(identity: string): void {
  const prefix = identity.startsWith('AGE-SECRET-KEY-PQ-1') ? PREFIXES.hybrid : PREFIXES.classic;
  try {
    if (identity === identity.toUpperCase() && fromBech32(prefix, identity.toLowerCase()).length === SECRET_SIZE)
      return;
  } catch {
    // Not Bech32: the same answer as for a key of the wrong size.
  }
  throw new Problem('identity-invalid');
}

/** The recipient that goes with an identity. Problem `identity-invalid`. */
export async function recipientOf(identity: string): Promise<string> {
  checkIdentity(identity);
  return identityToRecipient(identity);
}

/** The 32 bytes of an identity, from which `identityFromSecret` makes it again. Problem `identity-invalid`. */
export function secretOf(identity: string): { kind: AgeKind; secret: Uint8Array } {
  checkIdentity(identity);
  const kind = identity.startsWith('AGE-SECRET-KEY-PQ-1') ? 'hybrid' : 'classic';
  return { kind, secret: fromBech32(PREFIXES[kind], identity.toLowerCase()) };
}

/** The identity of this kind whose 32 bytes these are. Problem `internal` on another length. */
export function identityFromSecret(kind: AgeKind, secret: Uint8Array): string {
  if (secret.length !== SECRET_SIZE) throw new Problem('internal');
  return toBech32(PREFIXES[kind], secret).toUpperCase();
}
