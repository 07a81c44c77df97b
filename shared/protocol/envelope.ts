/** envelope.json: what travels beside the parts of a parcel. Form only; every signature in it is checked by the desk. */
import * as v from 'valibot';
import { MAX_NOTE_LENGTH } from '../statements/note.ts';
import { MAX_PARTS } from '../statements/opening.ts';
import { parcelId } from './messages.ts';
import { parseJson } from './parse.ts';

const note = v.pipe(v.string(), v.maxLength(MAX_NOTE_LENGTH));
const partNote = v.pipe(v.string(), v.maxLength(1024));

const envelope = v.strictObject({
  version: v.literal(1),
  parcel: parcelId,
  /** The mailbox public key, base64url: who signed all the sender's statements. */
  mailbox: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
  opening: note,
  /** Part statements in rising order of part; those of an unfinished parcel have gaps. */
  parts: v.pipe(v.array(partNote), v.maxLength(MAX_PARTS)),
  seal: v.nullable(note),
  receipt: v.nullable(note),
});

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
  return `{${head.join(',\n')},\n"parts":[\n${lines}\n],\n"seal":${JSON.stringify(seal)},\n"receipt":${JSON.stringify(receipt)}}\n`;
}
