/** Whom an outsider believes: the public root key of an organisation, or its fingerprint, or a card that came by another way than the bundle. */
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import { utf8Decode } from '../../shared/bytes/utf8.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { openCard, rootNamedIn } from '../../shared/statements/card.ts';
import type { Card } from '../../shared/statements/card.ts';
import { rootFingerprint } from '../../shared/statements/fingerprint.ts';
import { MAX_NOTE_LENGTH } from '../../shared/statements/note.ts';
import type { Findings } from '../case/findings.ts';
import { Failure, systemCode } from '../failure.ts';
import { FOLLOWING, readPlain } from '../read-only.ts';

/** What follows from it. */
export interface Anchor {
  /** As people compare it. */
  readonly fingerprint: string;
  /** The cards that this root key signed: the given ones, then that of the bundle. */
  readonly cards: readonly Card[];
}

/**
 * `root` is what was typed after `--root`, `files` after `--card`, `inBundle` the bundle's own card. Findings tell why the bundle's
 * card is not believed. Failures `anchor-missing`, `root-anchor`, `card-unreadable`, `card-foreign`.
 */
export async function openAnchor(
  { root, files, inBundle }: { root: string | undefined; files: readonly string[]; inBundle: string | null },
  findings: Findings,
): Promise<Anchor> {
  const given: { path: string; note: string }[] = [];
  for (const path of files) given.push({ path, note: await readCardFile(path) });
  const fingerprint = await fingerprintOf(root, given[0]);
  const cards: Card[] = [];
  for (const { path, note } of given) {
    const card = await cardOf(note, fingerprint);
    if (typeof card === 'string') throw new Failure('card-foreign', { path, fingerprint });
    cards.push(card);
  }
  const card = inBundle === null ? 'card-missing' : await cardOf(inBundle, fingerprint);
  if (typeof card === 'string') findings.add(card);
  else cards.push(card);
  return { fingerprint, cards };
}

/** A fingerprint in any spelling: hex digits, with or without spaces. */
const FINGERPRINT = /^[0-9a-f]{32}$/;

async function fingerprintOf(root: string | undefined, card: { path: string; note: string } | undefined) {
  if (root === undefined) {
    if (card === undefined) throw new Failure('anchor-missing');
    const named = rootIn(card.note);
    if (named === null) throw new Failure('card-unreadable', { path: card.path, reason: 'not a card' });
    return rootFingerprint(named);
  }
  const digits = root.replaceAll(/[\s:-]/g, '').toLowerCase();
  if (FINGERPRINT.test(digits)) return digits.match(/.{4}/g)!.join(' ');
  try {
    return await rootFingerprint(fromBase64Url(root, 32));
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Failure('root-anchor');
  }
}

/** The card, if the root key that it names has this fingerprint and signed it; otherwise what is wrong. */
async function cardOf(note: string, fingerprint: string): Promise<Card | 'card-invalid' | 'card-untrusted'> {
  const root = rootIn(note);
  if (root === null) return 'card-invalid';
  if ((await rootFingerprint(root)) !== fingerprint) return 'card-untrusted';
  try {
    return await openCard(note, root);
  } catch (error) {
    if (!isProblem(error)) throw error;
    return error.code === 'card-untrusted' ? 'card-untrusted' : 'card-invalid';
  }
}

function rootIn(note: string): Uint8Array | null {
  try {
    return rootNamedIn(note);
  } catch (error) {
    if (!isProblem(error)) throw error;
    return null;
  }
}

async function readCardFile(path: string): Promise<string> {
  const refused = (reason: string) => new Failure('card-unreadable', { path, reason });
  try {
    const bytes = await readPlain(path, MAX_NOTE_LENGTH * 3, FOLLOWING);
    if (bytes === null) throw refused('not a card');
    return utf8Decode(bytes);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw refused(systemCode(error) ?? 'not a card');
  }
}

/** Each receipt key that one of the cards names, once. */
export function receiptKeysOf({ cards }: Anchor): readonly Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (const { receiptKey } of cards) if (!keys.some((key) => equalBytes(key, receiptKey))) keys.push(receiptKey);
  return keys;
}
