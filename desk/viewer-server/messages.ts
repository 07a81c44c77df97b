/** What the process that holds the keys and the one that serves the page say to each other: a closed set, and the first trusts the second in nothing. */
import * as v from 'valibot';
import { PAYLOAD_NONCE_SIZE } from '../../shared/age/payload-layout.ts';
import { MAX_HEADER_SIZE } from '../../shared/protocol/limits.ts';
import type { FindingView, Refusal } from '../viewer/api.ts';

/** Bytes from the start of a part that the parent may be asked to open: the longest header and the nonce behind it. */
export const MAX_START = MAX_HEADER_SIZE + PAYLOAD_NONCE_SIZE;

/** What the child is told first. No secret of the organisation is in it. */
export interface StartMessage {
  readonly kind: 'start';
  readonly bundle: string;
  readonly parcels: readonly string[];
  readonly receiptKeys: readonly Uint8Array[];
  readonly port: number;
  /** The one-time token of the page. */
  readonly token: string;
  /** Files of the page by their path, read by the parent. */
  readonly page: ReadonlyMap<string, Uint8Array>;
  readonly start: StartFacts;
}

/** What `Start` (viewer/api.ts) says that only the parent knows. */
export interface StartFacts {
  readonly organisation: string;
  readonly demo: boolean;
  readonly bundle: string;
  readonly today: string;
  readonly clock: string | null;
  readonly findings: readonly FindingView[];
  readonly canReply: boolean;
  readonly whyNot: string | null;
  readonly exchange: string | null;
}

/** What came of a part's header. */
export type PartKey =
  | { readonly kind: 'key'; readonly key: Uint8Array; readonly headerLength: number }
  | { readonly kind: 'not-for-us' }
  | { readonly kind: 'damaged' };

const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

const ASK = v.variant('kind', [
  /** The listeners are there. */
  v.strictObject({ kind: v.literal('ready'), page: port, content: port }),
  /** The page wants to end. */
  v.strictObject({ kind: v.literal('close') }),
  /** "Give me the key of the payload behind this header." */
  v.strictObject({
    kind: v.literal('part-key'),
    start: v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= MAX_START),
  }),
]);

const QUESTION = v.strictObject({
  id: v.pipe(v.number(), v.integer(), v.minValue(1)),
  ask: ASK,
});

/** All that the child can ask. */
export type Ask = v.InferOutput<typeof ASK>;
export type Question = v.InferOutput<typeof QUESTION>;

/** What each question is answered with. */
export interface Answers {
  readonly ready: null;
  readonly close: null;
  readonly 'part-key': PartKey;
}

/** The answer of the parent; `refused` is for the person at the page. */
export type Answer =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly refused: Refusal };

/** A question that keeps to the form; null for anything else, which no child of ours sends. */
export function readQuestion(message: unknown): Question | null {
  const result = v.safeParse(QUESTION, message);
  return result.success ? result.output : null;
}
