/** The JSON that machines exchange; unknown fields are refused. Signed notes inside are opened by shared/statements. */
import * as v from 'valibot';
import { MAX_NOTE_LENGTH } from '../statements/note.ts';
import { MAX_PARCEL_SIZE, MAX_PARTS } from '../statements/opening.ts';

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
});
/** `next` is the `after` of the following page, or null on the last. */
export const parcelList = v.strictObject({
  parcels: v.pipe(v.array(parcelSummary), v.maxLength(1000)),
  next: v.nullable(count(Number.MAX_SAFE_INTEGER)),
});

/** RFC 9457 problem details; `code` is from the closed table. Fields of the detail stand beside it. */
export const problemDetails = v.looseObject({ title: v.string(), status: count(599), code: v.string() });

export type ParcelSummary = v.InferOutput<typeof parcelSummary>;
export type ParcelList = v.InferOutput<typeof parcelList>;
export type ParcelStatus = v.InferOutput<typeof parcelStatus>;
