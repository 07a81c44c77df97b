/** The opening: the sender's signed word, before the first part, of what a parcel will be. Tells what is missing while it is unfinished. */
import { toBase64Url } from '../bytes/base64.ts';
import { equalBytes } from '../bytes/equal.ts';
import type { SigningKey } from '../crypto/ed25519.ts';
import { Problem } from '../problem/problem.ts';
import { readFields, writeFields } from './fields.ts';
import type { FieldReader } from './fields.ts';
import { openNote, signNote, unverifiedText } from './note.ts';

export interface Opening {
  /** 16 bytes in lower-case hex, drawn by the sender. */
  readonly parcel: string;
  /** The mailbox public key, which signs all statements of this parcel. */
  readonly mailbox: Uint8Array;
  /** Serial of the key card whose recipients the parts are encrypted to. */
  readonly card: number;
  /** Plaintext bytes of every part but the last: a power of two from 1 to 16 MiB. */
  readonly partSize: number;
  /** Plaintext bytes of the whole padded stream. */
  readonly size: number;
}

const MIB = 1_048_576;
/** The largest padded stream: 2 TiB, as many of the largest parts as there may be. */
export const MAX_PARCEL_SIZE = 2 * MIB * MIB;
/** The most parts a parcel has: their statements make an envelope of less than 64 MiB, and their names have six digits. */
export const MAX_PARTS = 131_072;

/** The number of parts that an opening announces. */
export function openedParts(opening: Pick<Opening, 'partSize' | 'size'>): number {
  return Math.ceil(opening.size / opening.partSize);
}

/** Signs an opening with the mailbox key, whose public key it must hold. Problem `note-invalid`, `statement-mismatch`. */
export async function signOpening(opening: Opening, mailbox: SigningKey): Promise<string> {
  if (!equalBytes(opening.mailbox, mailbox.publicKey)) throw new Problem('statement-mismatch');
  const text = writeFields('postern/opening/v1', [
    ['parcel', opening.parcel],
    ['mailbox', toBase64Url(opening.mailbox)],
    ...extentFields(opening),
  ]);
  return signNote(text, 'postern-mailbox', mailbox);
}

/** The opening in a note that the key it names has signed. Problems `note-invalid`, `signature-wrong`. */
export async function openOpening(note: string): Promise<Opening> {
  const opening = readOpening(unverifiedText(note));
  await openNote(note, 'postern-mailbox', opening.mailbox);
  return opening;
}

function readOpening(text: string): Opening {
  const fields = readFields(text, 'postern/opening/v1');
  const opening: Opening = {
    parcel: fields.parcel(),
    mailbox: fields.key('mailbox'),
    ...readExtent(fields),
  };
  fields.end();
  return opening;
}

type Extent = Pick<Opening, 'card' | 'partSize' | 'size'>;

/** The last lines of an opening of either direction. Problem `note-invalid` for what no parcel can have. */
export function extentFields(extent: Extent): readonly (readonly [name: string, value: number])[] {
  checkExtent(extent);
  return [
    ['card', extent.card],
    ['part-size', extent.partSize],
    ['size', extent.size],
  ];
}

/** Reads them. Problem `note-invalid`, also for what no parcel can have. */
export function readExtent(fields: FieldReader): Extent {
  const extent = {
    card: fields.number('card'),
    partSize: fields.number('part-size'),
    size: fields.number('size'),
  };
  checkExtent(extent);
  return extent;
}

function checkExtent({ card, partSize, size }: Extent): void {
  const powerOfTwo = partSize >= MIB && partSize <= 16 * MIB && (partSize & (partSize - 1)) === 0;
  const good =
    powerOfTwo && card >= 1 && size >= 1 && size <= MAX_PARCEL_SIZE && Math.ceil(size / partSize) <= MAX_PARTS;
  if (!good) throw new Problem('note-invalid');
}
