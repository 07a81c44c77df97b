/** Who the organisation is: fetches its card and believes it only under the root key that was built into this page. */
import { fromBase64Url } from '../shared/bytes/base64.ts';
import { isProblemCode } from '../shared/problem/codes.ts';
import type { ProblemCode } from '../shared/problem/codes.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { CARD_ROUTE } from '../shared/protocol/routes.ts';
import { openCard, recipientsOn } from '../shared/statements/card.ts';
import type { Card } from '../shared/statements/card.ts';
import { dayOf } from '../shared/statements/fields.ts';
import { rootFingerprint } from '../shared/statements/fingerprint.ts';

/** What is known of the organisation: a card to send to, or the one thing to say instead. */
export type Organisation =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly card: Card; readonly fingerprint: string }
  /** The server does not answer, or is not ready; worth asking again. */
  | { readonly kind: 'unreachable'; readonly code: ProblemCode | null }
  /** The card is good, but not today by this computer's clock. */
  | { readonly kind: 'dates'; readonly card: Card; readonly today: string }
  | { readonly kind: 'problem'; readonly code: ProblemCode }
  | { readonly kind: 'insecure' }
  | { readonly kind: 'not-configured' };

export interface OrganisationInput {
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  /** The root public key from the build, base64url; empty when there was none. */
  readonly rootKey: string;
  /** False where the browser has no WebCrypto for this page. */
  readonly secure: boolean;
  readonly signal?: AbortSignal;
}

/** An answer that takes longer than this over the slowest circuit is none (milliseconds). */
const ANSWER_TIME = 90_000;

/** Asks the server once. Never throws: every outcome is one of the kinds above, `loading` excepted. */
export async function askOrganisation(input: OrganisationInput): Promise<Organisation> {
  if (!input.secure) return { kind: 'insecure' };
  if (input.rootKey === '') return { kind: 'not-configured' };
  const answer = await fetchCard(input);
  if (typeof answer !== 'string') return answer;
  try {
    const rootKey = fromBase64Url(input.rootKey, 32);
    const card = await openCard(answer, rootKey);
    const today = dayOf(input.now());
    if (!usableOn(card, today)) return { kind: 'dates', card, today };
    return { kind: 'ready', card, fingerprint: await rootFingerprint(rootKey) };
  } catch (error) {
    return { kind: 'problem', code: isProblem(error) ? error.code : 'internal' };
  }
}

async function fetchCard(input: OrganisationInput): Promise<string | Organisation> {
  const limits = [AbortSignal.timeout(ANSWER_TIME), ...(input.signal ? [input.signal] : [])];
  try {
    const response = await input.fetch(CARD_ROUTE, {
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.any(limits),
    });
    const text = await response.text();
    if (response.ok) return text;
    return { kind: 'unreachable', code: codeIn(text) };
  } catch {
    return { kind: 'unreachable', code: null };
  }
}

/** The code in a problem-details body, if it is one of ours. */
function codeIn(body: string): ProblemCode | null {
  try {
    const value: unknown = JSON.parse(body);
    const code = typeof value === 'object' && value !== null && 'code' in value ? value.code : null;
    return typeof code === 'string' && isProblemCode(code) ? code : null;
  } catch {
    return null;
  }
}

function usableOn(card: Card, today: string): boolean {
  try {
    return recipientsOn(card, today).length > 0;
  } catch {
    return false;
  }
}

/** Why a good card does not fit the day: a clock far behind, a card that begins later, or one that has run out (days `YYYY-MM-DD`). */
export function datesProblem(
  card: Card,
  today: string,
): { readonly kind: 'behind' | 'not-yet' | 'over'; readonly day: string } {
  if (today < card.issued) return { kind: 'behind', day: card.issued };
  const later = card.recipients.map((recipient) => recipient.from).filter((from) => from > today);
  const first = later.toSorted()[0];
  if (first !== undefined) return { kind: 'not-yet', day: first };
  const last = card.recipients
    .map((recipient) => recipient.until)
    .toSorted()
    .at(-1);
  return { kind: 'over', day: last ?? card.issued };
}
