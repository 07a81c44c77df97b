/** The envelope of a parcel, believed only as far as its signatures go: opening, part statements, seal and receipt, each against the others. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { parseEnvelope } from '../../shared/protocol/envelope.ts';
import type { Envelope } from '../../shared/protocol/envelope.ts';
import { maxPartCiphertext } from '../../shared/protocol/limits.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { openedParts, openOpening } from '../../shared/statements/opening.ts';
import type { Opening } from '../../shared/statements/opening.ts';
import { openPartStatement, unverifiedPartStatement } from '../../shared/statements/part-statement.ts';
import type { PartStatement } from '../../shared/statements/part-statement.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { openSeal } from '../../shared/statements/seal.ts';
import type { FindingCode, Findings } from './findings.ts';
import { checkLogPlace } from './log-place.ts';
import type { LogPlace } from './log-place.ts';
import { createRanges } from './ranges.ts';

/** What is proved about a parcel before a part of it is opened. */
export interface Statements {
  readonly opening: Opening;
  /** By part number, only those signed by the mailbox key for this parcel. */
  readonly parts: ReadonlyMap<number, PartStatement>;
  /** True when a good seal says that all parts are here and which they are. */
  readonly sealed: boolean;
  /** The Merkle root of a good seal in hex. */
  readonly root: string | null;
  /** The day on a good receipt. */
  readonly received: string | null;
  /** Where that receipt stands in the server's public log; null where that is not proved. */
  readonly logged: LogPlace | null;
}

/** Signatures checked at the same time. */
const AT_ONCE = 64;
/** Statements beyond the number of parts that are looked at: more would only take time. */
const SURPLUS = 100;

/**
 * Checks an envelope. Null when not even the opening holds, so that nothing can be said about its parts; what is wrong goes to
 * `findings`. `receiptKeys` are those that our own cards named.
 */
export async function checkStatements(
  parcel: string,
  text: string | null,
  receiptKeys: readonly Uint8Array[],
  findings: Findings,
): Promise<Statements | null> {
  const envelope = readEnvelope(text, findings);
  if (envelope === null) return null;
  if (envelope.parcel !== parcel) findings.add('envelope-parcel-differs');
  const opening = await opened(openOpening(envelope.opening), 'opening', findings);
  if (opening === null) return null;
  if (opening.parcel !== parcel) {
    findings.add('opening-parcel-differs');
    return null;
  }
  if (envelope.mailbox !== toBase64Url(opening.mailbox)) findings.add('envelope-key-differs');
  const parts = await checkParts(envelope, opening, findings);
  const seal = envelope.seal === null ? null : await checkSeal(envelope.seal, opening, parts, findings);
  const receipt = await checkReceipt(envelope, opening, seal, receiptKeys, findings);
  const logged = receipt === null ? null : await checkLogPlace(envelope, receipt.key, findings);
  return { opening, parts, sealed: seal !== null, root: seal, received: receipt?.day ?? null, logged };
}

function readEnvelope(text: string | null, findings: Findings): Envelope | null {
  if (text === null) {
    findings.add('envelope-missing');
    return null;
  }
  try {
    return parseEnvelope(text);
  } catch {
    findings.add('envelope-invalid');
    return null;
  }
}

async function checkParts(
  envelope: Envelope,
  opening: Opening,
  findings: Findings,
): Promise<Map<number, PartStatement>> {
  const parts = new Map<number, PartStatement>();
  const count = openedParts(opening);
  const most = maxPartCiphertext(opening.partSize);
  let last = -1;
  let ordered = true;
  const read = envelope.parts.slice(0, count + SURPLUS);
  if (read.length < envelope.parts.length) findings.add('statements-surplus', { count });
  for (let first = 0; first < read.length; first += AT_ONCE) {
    const notes = read.slice(first, first + AT_ONCE);
    const verdicts = await Promise.all(notes.map((note) => openPart(note, opening.mailbox)));
    for (const [i, verdict] of verdicts.entries()) {
      const line = first + i + 1;
      if ('fault' in verdict) {
        findings.add(verdict.fault, { line, ...(verdict.part === null ? {} : { part: verdict.part }) });
        continue;
      }
      const { part, parcel, size } = verdict;
      if (parcel !== opening.parcel) findings.add('statement-parcel-differs', { line, part });
      else if (part >= count) findings.add('statement-beyond-end', { line, part, count });
      else if (size > most) findings.add('statement-size', { line, part, size });
      else if (parts.has(part)) findings.add('statement-repeated', { line, part });
      else {
        ordered &&= part > last;
        last = part;
        parts.set(part, verdict);
      }
    }
  }
  if (!ordered) findings.add('envelope-order');
  return parts;
}

type PartFault = { readonly fault: FindingCode; readonly part: number | null };

async function openPart(note: string, mailbox: Uint8Array): Promise<PartStatement | PartFault> {
  try {
    return await openPartStatement(note, mailbox);
  } catch (error) {
    if (!isProblem(error)) throw error;
    const fault = error.code === 'signature-wrong' ? 'statement-signature-wrong' : 'statement-invalid';
    return { fault, part: partNamedIn(note) };
  }
}

/** The part that a note speaks of, if that can be read: only to name it to the person. */
function partNamedIn(note: string): number | null {
  try {
    return unverifiedPartStatement(note).part;
  } catch {
    return null;
  }
}

/** The root of the seal when it is one of exactly these parts; null, with findings, otherwise. */
async function checkSeal(
  note: string,
  opening: Opening,
  parts: ReadonlyMap<number, PartStatement>,
  findings: Findings,
): Promise<string | null> {
  const seal = await opened(openSeal(note, opening.mailbox), 'seal', findings);
  if (seal === null) return null;
  const count = openedParts(opening);
  if (seal.parcel !== opening.parcel) {
    findings.add('seal-parcel-differs');
    return null;
  }
  if (seal.partSize !== opening.partSize || seal.parts !== count) {
    findings.add('seal-opening-differs', { sealed: seal.parts, opened: count });
    return null;
  }
  const leaves: Uint8Array[] = [];
  const missing = createRanges();
  for (let part = 0; part < count; part++) {
    const statement = parts.get(part);
    if (statement === undefined) missing.add(part);
    else leaves.push(fromHex(statement.sha256, 32));
  }
  if (leaves.length < count) {
    findings.add('statements-missing', { ranges: missing.list() });
    return null;
  }
  if (toHex(await merkleRoot(leaves)) !== seal.root) {
    findings.add('seal-root-differs');
    return null;
  }
  return seal.root;
}

/** The day of a good receipt and the key that signed it; null, with a finding or a note, otherwise. */
async function checkReceipt(
  envelope: Envelope,
  opening: Opening,
  root: string | null,
  keys: readonly Uint8Array[],
  findings: Findings,
): Promise<{ readonly day: string; readonly key: Uint8Array } | null> {
  if (envelope.receipt === null) {
    if (envelope.seal !== null) findings.add('not-yet-received');
    return null;
  }
  if (envelope.seal === null) findings.add('receipt-without-seal');
  for (const key of keys) {
    try {
      const receipt = await openReceipt(envelope.receipt, key);
      if (root !== null && receipt.parcel === opening.parcel && receipt.root === root)
        return { day: receipt.received, key };
      if (root !== null) findings.add('receipt-differs');
      return null;
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (error.code !== 'signature-wrong') {
        findings.add('receipt-invalid');
        return null;
      }
    }
  }
  findings.add('receipt-signature-wrong');
  return null;
}

/** The value, or null with the finding that its Problem stands for. */
async function opened<T>(value: Promise<T>, what: 'opening' | 'seal', findings: Findings): Promise<T | null> {
  try {
    return await value;
  } catch (error) {
    if (!isProblem(error)) throw error;
    findings.add(error.code === 'signature-wrong' ? `${what}-signature-wrong` : `${what}-invalid`);
    return null;
  }
}
