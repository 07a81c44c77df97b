/** envelope.json: what travels beside the parts of a parcel. Form only; every signature in it is checked by the desk. */
import * as v from 'valibot';
import { MAX_NOTE_LENGTH } from '../statements/note.ts';
import { MAX_PARTS } from '../statements/opening.ts';
import { parcelId } from './messages.ts';
import { parseJson } from './parse.ts';

const note = v.pipe(v.string(), v.maxLength(MAX_NOTE_LENGTH));
const partNote = v.pipe(v.string(), v.maxLength(1024));

const fields = {
  parcel: parcelId,
  /** The mailbox public key, base64url: who signed all the sender's statements. */
  mailbox: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
  opening: note,
  /** Part statements in rising order of part; those of an unfinished parcel have gaps. */
  parts: v.pipe(v.array(partNote), v.maxLength(MAX_PARTS)),
  seal: v.nullable(note),
  receipt: v.nullable(note),
};

/** Version 1 is that of replies, and of what older servers gave; version 2 has the proof that the receipt is in the server's log, or null. */
const envelope = v.variant('version', [
  v.strictObject({ version: v.literal(1), ...fields }),
  v.strictObject({ version: v.literal(2), ...fields, log: v.nullable(note) }),
]);

export type Envelope = v.InferOutput<typeof envelope>;

/** Reads envelope.json. Problem `envelope-invalid` on any other shape, an unknown field included. */
export function parseEnvelope(text: string): Envelope {
  return parseJson(envelope, text, 'envelope-invalid');
}

/** The text of envelope.json: fields in fixed order, one part statement a line. */
export function formatEnvelope(content: Envelope): string {
  const { version, parcel, mailbox, opening, parts, seal, receipt } = content;
  const head = Object.entries({ version, parcel, mailbox, opening }).map(
    ([name, value]) => `"${name}":${JSON.stringify(value)}`,
  );
  const lines = parts.map((part) => JSON.stringify(part)).join(',\n');
  const tail = Object.entries({ seal, receipt, ...(version === 1 ? {} : { log: content.log }) }).map(
    ([name, value]) => `"${name}":${JSON.stringify(value)}`,
  );
  return `{${head.join(',\n')},\n"parts":[\n${lines}\n],\n${tail.join(',\n')}}\n`;
}

/** The proof that the receipt is in the log, or null where there is none yet. */
export function logProofIn(content: Envelope): string | null {
  return content.version === 1 ? null : content.log;
}
