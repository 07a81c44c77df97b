/** An envelope, believed only as far as its signatures go: parsed strictly, every statement opened. */
import { fromHex, toHex } from '../shared/bytes/hex.ts';
import { equalBytes } from '../shared/bytes/equal.ts';
import { fromBase64Url } from '../shared/bytes/base64.ts';
import { Problem } from '../shared/problem/problem.ts';
import { formatEnvelope, logProofIn, parseEnvelope } from '../shared/protocol/envelope.ts';
import type { Envelope } from '../shared/protocol/envelope.ts';
import { maxPartCiphertext } from '../shared/protocol/limits.ts';
import { merkleRoot } from '../shared/statements/merkle.ts';
import type { Direction } from '../shared/statements/direction.ts';
import { openOpening, openedParts } from '../shared/statements/opening.ts';
import type { Opening } from '../shared/statements/opening.ts';
import { openPartStatement } from '../shared/statements/part-statement.ts';
import type { PartStatement } from '../shared/statements/part-statement.ts';
import { openSeal } from '../shared/statements/seal.ts';

export interface CheckedEnvelope {
  readonly envelope: Envelope;
  /** In rising order of part; all there are when the parcel is sealed. */
  readonly statements: readonly PartStatement[];
  /** The number of parts that the sender's opening announces. */
  readonly announced: number;
}

/**
 * The envelope of `parcel` with all its signatures checked, but the receipt's, whose key only the desk can trust.
 * Problems: `envelope-invalid`, `note-invalid`, `signature-wrong`, `statement-mismatch`, `seal-differs`.
 */
export async function checkEnvelope(text: string, parcel: string): Promise<CheckedEnvelope> {
  const envelope = parseEnvelope(text);
  const mailbox = fromBase64Url(envelope.mailbox, 32);
  const opening = await openOpening(envelope.opening);
  if (envelope.parcel !== parcel || opening.parcel !== parcel || !equalBytes(opening.mailbox, mailbox)) {
    throw new Problem('statement-mismatch');
  }
  const statements = await openStatements(envelope, opening, mailbox, 'submission');
  if (envelope.seal === null && envelope.receipt !== null) throw new Problem('envelope-invalid');
  return { envelope, statements, announced: openedParts(opening) };
}

/** The part statements of an envelope, in rising order and, if it has a seal, all of them and as it says. Problems as above. */
export async function openStatements(
  envelope: Envelope,
  opening: Opening,
  sender: Uint8Array,
  direction: Direction,
): Promise<readonly PartStatement[]> {
  const { parcel, partSize } = opening;
  const announced = openedParts(opening);
  const statements: PartStatement[] = [];
  for (const note of envelope.parts) {
    const statement = await openPartStatement(note, sender, direction);
    const { part, size } = statement;
    const rising = part > (statements.at(-1)?.part ?? -1) && part < announced;
    if (statement.parcel !== parcel || !rising || size < 1 || size > maxPartCiphertext(partSize)) {
      throw new Problem('statement-mismatch', { part });
    }
    statements.push(statement);
  }
  if (envelope.seal !== null) {
    const seal = await openSeal(envelope.seal, sender, direction);
    const root = toHex(await merkleRoot(statements.map(({ sha256 }) => fromHex(sha256, 32))));
    const whole = seal.parts === announced && statements.length === announced && seal.partSize === partSize;
    if (seal.parcel !== parcel || !whole || seal.root !== root) throw new Problem('seal-differs');
  }
  return statements;
}

/**
 * What to keep when the bundle has an envelope of this parcel already: all that either of them knows.
 * Problem `parcel-differs` when the server now says otherwise than before; what is in the bundle then stays as it is.
 */
export async function mergeEnvelopes(old: CheckedEnvelope, fresh: CheckedEnvelope): Promise<CheckedEnvelope> {
  const known = new Map(
    old.statements.map((statement, i) => [statement.part, { statement, note: old.envelope.parts[i]! }]),
  );
  for (const [i, statement] of fresh.statements.entries()) {
    const before = known.get(statement.part)?.statement;
    if (before !== undefined && before.sha256 !== statement.sha256)
      throw new Problem('parcel-differs', { part: statement.part });
    known.set(statement.part, { statement, note: fresh.envelope.parts[i]! });
  }
  const seal = fresh.envelope.seal ?? old.envelope.seal;
  const contradicts = old.envelope.seal !== null && seal !== old.envelope.seal;
  if (old.envelope.opening !== fresh.envelope.opening || contradicts) throw new Problem('parcel-differs');
  // A server that was restored may not know the log any more in which a receipt was proved to be: the proof stays good.
  const log = logProofIn(fresh.envelope) ?? logProofIn(old.envelope);
  const isAllKnown = known.size === fresh.statements.length && seal === fresh.envelope.seal;
  if (isAllKnown && log === logProofIn(fresh.envelope)) return fresh;
  const rising = [...known.values()].sort((a, b) => a.statement.part - b.statement.part);
  const receipt = fresh.envelope.receipt ?? old.envelope.receipt;
  const merged: Envelope = { ...fresh.envelope, version: 2, parts: rising.map(({ note }) => note), seal, receipt, log };
  return checkEnvelope(formatEnvelope(merged), fresh.envelope.parcel);
}
