/** What the process that holds the keys and the one that serves the page say to each other: a closed set, and the first trusts the second in nothing. */
import * as v from 'valibot';
import { PAYLOAD_NONCE_SIZE } from '../../shared/age/payload-layout.ts';
import { MAX_PATH_BYTES } from '../../shared/parcel/limits.ts';
import { MAX_HEADER_SIZE, MAX_MESSAGE_BYTES } from '../../shared/protocol/limits.ts';
import type { OwnReply } from '../case/conversation.ts';
import type { FindingView, Job, Marks, Refusal, ReplyView } from '../viewer/api.ts';

/** Bytes from the start of a part that the parent may be asked to open: the longest header and the nonce behind it. */
export const MAX_START = MAX_HEADER_SIZE + PAYLOAD_NONCE_SIZE;

/** Parcels that are asked about at once. */
export const MOST_PARCELS = 500;
const MOST_ATTACHMENTS = 100;
const MOST_CHOSEN = 10_000;

/** What the child is told first. No secret of the organisation is in it. */
export interface StartMessage {
  readonly kind: 'start';
  readonly bundle: string;
  readonly parcels: readonly string[];
  readonly receiptKeys: readonly Uint8Array[];
  readonly port: number;
  /** The one-time token of the page. */
  readonly token: string;
  /** Milliseconds without a request after which it says so; 0 for never. */
  readonly lock: number;
  /** The folder of the page; null when it is inside the executable. */
  readonly page: string | null;
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

const parcel = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
/** 32 bytes in base64url, of which the last letter holds four bits. */
const mailbox = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));
const job = v.pipe(v.string(), v.regex(/^[1-9]\d{0,5}$/));
/** A path in a bag. */
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_PATH_BYTES));
/** A path of this machine. */
const place = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(4_096),
  v.check((text) => !text.includes('\0')),
);
const label = v.pipe(v.string(), v.minLength(1), v.maxLength(60));
const marksChange = v.strictObject({
  seen: v.optional(v.boolean()),
  labels: v.optional(v.pipe(v.array(label), v.maxLength(30))),
  note: v.optional(v.pipe(v.string(), v.maxLength(20_000))),
});

const ASK = v.variant('kind', [
  /** The listeners are there. */
  v.strictObject({ kind: v.literal('ready'), page: port, content: port }),
  /** The page wants to end. */
  v.strictObject({ kind: v.literal('close') }),
  /** Nobody has asked for anything in the time that was set. */
  v.strictObject({ kind: v.literal('idle') }),
  /** Marks of some parcels, in their order. */
  v.strictObject({ kind: v.literal('marks'), parcels: v.pipe(v.array(parcel), v.maxLength(MOST_PARCELS)) }),
  /** The person marks a parcel. */
  v.strictObject({ kind: v.literal('mark'), parcel, change: marksChange }),
  /** A file was asked for by an element of the page. */
  v.strictObject({ kind: v.literal('viewed'), parcel, path }),
  /** Our own replies to a mailbox. */
  v.strictObject({ kind: v.literal('replies'), mailbox }),
  /** The person answers the source of a parcel. */
  v.strictObject({
    kind: v.literal('reply'),
    parcel,
    message: v.pipe(v.string(), v.maxLength(MAX_MESSAGE_BYTES)),
    attachments: v.pipe(v.array(place), v.maxLength(MOST_ATTACHMENTS)),
  }),
  /** Long work. `files` are paths below `data/files/`; null is all of the bag. */
  v.strictObject({ kind: v.literal('verify'), parcel }),
  v.strictObject({
    kind: v.literal('extract'),
    parcel,
    out: place,
    files: v.nullable(v.pipe(v.array(path), v.minLength(1), v.maxLength(MOST_CHOSEN))),
  }),
  /** How a piece of work is doing, and its end before its time. */
  v.strictObject({ kind: v.literal('job'), job }),
  v.strictObject({ kind: v.literal('stop-job'), job }),
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

/** What the page may change of the marks. */
export const MARKS_CHANGE = marksChange;

/** All that the child can ask. */
export type Ask = v.InferOutput<typeof ASK>;
export type Question = v.InferOutput<typeof QUESTION>;

/** What each question is answered with. */
export interface Answers {
  readonly ready: null;
  readonly close: null;
  readonly idle: null;
  readonly 'part-key': PartKey;
  readonly marks: readonly Marks[];
  readonly mark: Marks;
  readonly viewed: null;
  readonly replies: readonly OwnReply[];
  readonly reply: ReplyView;
  readonly verify: Job;
  readonly extract: Job;
  readonly job: Job | null;
  readonly 'stop-job': Job | null;
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
