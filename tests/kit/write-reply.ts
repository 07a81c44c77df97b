/** Whole replies in memory, as a desk writes them: a bag in real age files to one source, with all that is signed about it. */
import { createHash } from 'node:crypto';
import { nodeCipher } from '../../desk/node-cipher.ts';
import { encryptFile } from '../../shared/age/file.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { lateBytes } from '../../shared/parcel/late-bytes.ts';
import type { PayloadResult } from '../../shared/parcel/late-bytes.ts';
import { createLayout } from '../../shared/parcel/layout.ts';
import type { LayoutInput } from '../../shared/parcel/layout.ts';
import { partCount, partRange } from '../../shared/parcel/parts.ts';
import type { Envelope } from '../../shared/protocol/envelope.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { signPartStatement } from '../../shared/statements/part-statement.ts';
import { signReplyOpening } from '../../shared/statements/reply-opening.ts';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import { signSeal } from '../../shared/statements/seal.ts';
import { fill } from './parcel-stream.ts';
import { random } from './random-bytes.ts';

const MIB = 1_048_576;

export interface ReplyText {
  readonly message?: string | null;
  readonly files?: readonly { readonly path: string; readonly content: Uint8Array }[];
  readonly number?: number;
  readonly day?: string;
  readonly partSize?: number;
  /** What the bag says in place of what is right. */
  readonly bag?: Partial<LayoutInput>;
  /** What the manifest says of each payload file in place of what is right. */
  readonly results?: (right: readonly PayloadResult[]) => readonly PayloadResult[];
  /** The stream in place of the right one, of the same length. */
  readonly stream?: (right: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
  /** Whom the parts are encrypted to in place of the source. */
  readonly recipient?: string;
}

export interface WrittenReply {
  readonly opening: ReplyOpening;
  readonly envelope: Envelope;
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
}

/** Writes a reply to the source with these keys, signed by `replyKey`. */
export async function writeReply(
  replyKey: SigningKey,
  source: { readonly mailbox: Uint8Array } & Pick<CodenameKeys, 'replyRecipient'>,
  text: ReplyText,
): Promise<WrittenReply> {
  const { message = null, files = [], number = 1, day = '2026-11-24', partSize = MIB } = text;
  const parcel = toHex(random(16));
  const layout = createLayout({
    parcel,
    day,
    sender: toBase64Url(replyKey.publicKey),
    replyRecipient: null,
    message,
    messageModified: 1_700_000_000_000,
    files: files.map(({ path, content }) => ({ path, size: content.length, modified: 1_600_000_000_123 })),
    ...text.bag,
  });
  const contents = [...(message === null ? [] : [utf8Encode(message)]), ...files.map(({ content }) => content)];
  const right = contents.map((content): PayloadResult => ({ sha256: hashOf(content), status: 'whole' }));
  const late = await lateBytes(layout, text.results?.(right) ?? right);
  const size = layout.paddedSize;
  const whole = fill(layout.piecesIn(0, size), contents, late);
  const stream = text.stream?.(whole) ?? whole;
  const opening: ReplyOpening = { parcel, mailbox: source.mailbox, number, day, card: 1, partSize, size };
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const notes: string[] = [];
  for (let part = 0; part < partCount(size, partSize); part++) {
    const { from, to } = partRange(part, size, partSize);
    const recipients = [text.recipient ?? source.replyRecipient];
    const file = await encryptFile({ plaintext: stream.subarray(from, to), recipients, provider: nodeCipher, random });
    parts.push(file);
    const sha256 = toHex(hashOf(file));
    notes.push(await signPartStatement({ parcel, part, size: file.length, sha256 }, replyKey, 'reply'));
  }
  const envelope = await envelopeOf(replyKey, opening, notes, parts);
  return { opening, envelope, parts };
}

/** The envelope over these parts, sealed by `replyKey`, without a receipt. */
export async function envelopeOf(
  replyKey: SigningKey,
  opening: ReplyOpening,
  notes: readonly string[],
  parts: readonly Uint8Array[],
): Promise<Envelope> {
  const { parcel, partSize } = opening;
  const root = toHex(await merkleRoot(parts.map(hashOf)));
  return {
    version: 1,
    parcel,
    mailbox: toBase64Url(opening.mailbox),
    opening: await signReplyOpening(opening, replyKey),
    parts: [...notes],
    seal: await signSeal({ parcel, partSize, parts: parts.length, root }, replyKey, 'reply'),
    receipt: null,
  };
}

function hashOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
