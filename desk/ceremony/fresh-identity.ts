/** An identity with its days. */
import { generateIdentity, recipientOf } from '../../shared/age/identity.ts';
import type { DatedIdentity, RecipientKind } from '../keys/key-texts.ts';

/** A fresh identity that serves on these days, both included. */
export async function freshIdentity(
  kind: RecipientKind,
  { from, until }: { from: string; until: string },
): Promise<DatedIdentity> {
  const identity = await generateIdentity(kind);
  return { from, until, recipient: await recipientOf(identity), identity };
}
