/** The JSON that machines exchange; unknown fields are refused. Signed notes inside are opened by shared/statements. */
import * as v from 'valibot';
import { MAX_NOTE_LENGTH } from '../statements/note.ts';
import { MAX_PARCEL_SIZE, MAX_PARTS } from '../statements/opening.ts';
import { MAX_LEDGER_PAGES, MAX_MAILBOX_ITEMS, MAX_RECORD_BYTES, MAX_WRITER } from './limits.ts';

const count = (most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(most));
const note = v.pipe(v.string(), v.maxLength(MAX_NOTE_LENGTH));
const key32 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
export const parcelId = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const day = v.pipe(v.string(), v.isoDate());
/** [from, to], both included. */
const partRange = v.strictTuple([count(MAX_PARTS), count(MAX_PARTS)]);

export const openRequest = v.strictObject({ opening: note });
export const openAnswer = v.strictObject({ parcel: parcelId });
export const parcelStatus = v.strictObject({
  parts: count(MAX_PARTS),
  finished: v.array(partRange),
  sealed: v.boolean(),
});
export const sealRequest = v.strictObject({ seal: note });
export const sealAnswer = v.strictObject({ receipt: note });

/** What a codename shows. Of what is sealed: the day and that it is here, never how much. */
const unfinishedParcel = v.strictObject({
  opening: note,
  /** How many of its parts are finished. */
  finished: count(MAX_PARTS),
  /** How many pages of the ledger's head are here. */
  pages: count(MAX_LEDGER_PAGES),
  /** Which browser goes on with it: raised by every claim. */
  writer: count(MAX_WRITER),
});
const sealedParcel = v.strictObject({
  parcel: parcelId,
  day,
  collected: v.boolean(),
  /** Null once it was dismissed. */
  receipt: v.nullable(note),
});
export const mailboxAnswer = v.strictObject({
  unfinished: v.pipe(v.array(unfinishedParcel), v.maxLength(MAX_MAILBOX_ITEMS)),
  sealed: v.pipe(v.array(sealedParcel), v.maxLength(MAX_MAILBOX_ITEMS)),
  /** Openings of the replies that are here whole. */
  replies: v.pipe(v.array(note), v.maxLength(MAX_MAILBOX_ITEMS)),
  /** Spaces: so that the answer's length says little. */
  padding: v.pipe(v.string(), v.regex(/^ *$/)),
});
export const mailboxSessionRequest = v.strictObject({ statement: note });
/** `expiresIn` in seconds. */
export const mailboxSessionAnswer = v.strictObject({
  token: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{40,200}$/)),
  expiresIn: count(86_400),
});
export const claimRequest = v.strictObject({ writer: count(MAX_WRITER) });
export const claimAnswer = v.strictObject({ writer: count(MAX_WRITER) });
/** Finished parts in order of part; `next` is the `after` of the following page, or null on the last. */
export const finishedParts = v.strictObject({
  parts: v.pipe(
    v.array(
      v.strictObject({
        statement: note,
        /** The progress record that came with the part, base64. */
        record: v.nullable(v.pipe(v.string(), v.base64(), v.maxLength(MAX_RECORD_BYTES * 2))),
      }),
    ),
    v.maxLength(1000),
  ),
  next: v.nullable(count(MAX_PARTS)),
});
/** `wanted` is false when the mailbox was forgotten by its source, or the reply was here whole and was deleted: then it is not taken. */
export const openReplyAnswer = v.strictObject({ parcel: parcelId, wanted: v.boolean() });

export const challengeAnswer = v.strictObject({ challenge: key32 });
export const sessionRequest = v.strictObject({ statement: note });
/** `expiresIn` in seconds. */
export const sessionAnswer = v.strictObject({ token: key32, expiresIn: count(86_400) });

/** One line of the staff's list. `number` counts arrivals; `day` is that of the opening; `size` is the padded plaintext's. */
export const parcelSummary = v.strictObject({
  number: count(Number.MAX_SAFE_INTEGER),
  parcel: parcelId,
  day,
  size: count(MAX_PARCEL_SIZE),
  parts: count(MAX_PARTS),
  finished: count(MAX_PARTS),
  sealed: v.boolean(),
  /** True once staff said that they have all of it. */
  collected: v.boolean(),
});
/** `next` is the `after` of the following page, or null on the last. */
export const parcelList = v.strictObject({
  parcels: v.pipe(v.array(parcelSummary), v.maxLength(1000)),
  next: v.nullable(count(Number.MAX_SAFE_INTEGER)),
});

/** What the server holds, for staff: numbers of parcels and bytes of disk. */
export const statusAnswer = v.strictObject({
  unfinished: count(Number.MAX_SAFE_INTEGER),
  sealed: count(Number.MAX_SAFE_INTEGER),
  collected: count(Number.MAX_SAFE_INTEGER),
  replies: count(Number.MAX_SAFE_INTEGER),
  free: count(Number.MAX_SAFE_INTEGER),
});

/** RFC 9457 problem details; `code` is from the closed table. Fields of the detail stand beside it. */
export const problemDetails = v.looseObject({ title: v.string(), status: count(599), code: v.string() });

/** What asks for a proof of work: its challenge stands beside. */
export const workRequired = v.looseObject({
  code: v.literal('work-required'),
  work: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{71}$/)),
});

export type ParcelSummary = v.InferOutput<typeof parcelSummary>;
export type ParcelList = v.InferOutput<typeof parcelList>;
export type MailboxAnswer = v.InferOutput<typeof mailboxAnswer>;
export type FinishedParts = v.InferOutput<typeof finishedParts>;
export type StatusAnswer = v.InferOutput<typeof statusAnswer>;
export type ParcelStatus = v.InferOutput<typeof parcelStatus>;
