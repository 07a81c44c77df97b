/** What is kept of a reply that was sent, as JSON in one canonical form; any other text is refused. */
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { parseDay } from '../../shared/statements/fields.ts';

export interface SentReply {
  /** Parcel id of the reply. */
  readonly reply: string;
  /** Whom it was for: public key, base64url. */
  readonly mailbox: string;
  readonly number: number;
  readonly day: string;
  /** The parcel that it answers. */
  readonly to: string;
  /** Parcels of this mailbox that the desk had, and had not had when it wrote the reply before: they came earlier than this one. */
  readonly seen: readonly string[];
  readonly message: string;
  /** As the source gets them; `path` is below `data/files/`. */
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
}

/** The text of a record. */
export function formatSentReply({ reply, mailbox, number, day, to, seen, message, files }: SentReply): string {
  const listed = files.map(({ path, size, sha256 }) => ({ path, size, sha256 }));
  return JSON.stringify({ version: 1, reply, mailbox, number, day, to, seen, message, files: listed });
}

/** Reads a record. Problem `encoding-invalid` for anything but what {@link formatSentReply} writes. */
export function parseSentReply(text: string): SentReply {
  try {
    const value = JSON.parse(text) as SentReply;
    fromHex(value.reply, 16);
    fromBase64Url(value.mailbox, 32);
    parseDay(value.day);
    for (const parcel of [value.to, ...value.seen]) fromHex(parcel, 16);
    for (const { path, size, sha256 } of value.files) {
      if (typeof path !== 'string' || !Number.isSafeInteger(size) || size < 0) throw new Problem('encoding-invalid');
      fromHex(sha256, 32);
    }
    const whole = Number.isSafeInteger(value.number) && value.number >= 1 && typeof value.message === 'string';
    if (whole && formatSentReply(value) === text) return value;
  } catch {
    // Whatever is wrong with it, it is not ours.
  }
  throw new Problem('encoding-invalid');
}
