/** A real parcel of a plan: a bag in a tar stream, padded, cut, each part an age file for the card; all of it made again at will. */
import { createHash, randomBytes } from 'node:crypto';
import { nodeCipher } from '../../../desk/node-cipher.ts';
import { encryptFile } from '../../../shared/age/file.ts';
import { toBase64Url } from '../../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { deriveCodename } from '../../../shared/codename/derive.ts';
import type { CodenameKeys } from '../../../shared/codename/derive.ts';
import { drawCodename } from '../../../shared/codename/draw.ts';
import { lateBytes } from '../../../shared/parcel/late-bytes.ts';
import { createLayout } from '../../../shared/parcel/layout.ts';
import { partCount, partRange } from '../../../shared/parcel/parts.ts';
import { recipientsOn } from '../../../shared/statements/card.ts';
import type { Card } from '../../../shared/statements/card.ts';
import { merkleRoot } from '../../../shared/statements/merkle.ts';
import { signOpening } from '../../../shared/statements/opening.ts';
import { signPartStatement } from '../../../shared/statements/part-statement.ts';
import { signSeal } from '../../../shared/statements/seal.ts';
import { randomLooking } from '../footage.ts';
import { fill } from '../parcel-stream.ts';
import type { UploadPlan } from './plan.ts';

/** The least there is: many parts from little. */
const PART_SIZE = 1_048_576;
const random = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(length));

export interface EncryptedPart {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly statement: string;
}

export interface ChaosParcel {
  readonly id: string;
  readonly keys: CodenameKeys;
  readonly parts: number;
  opening(): Promise<string>;
  /** A fresh age file each time. */
  part(number: number): Promise<EncryptedPart>;
  /** The seal over the hashes of all parts, in order. */
  seal(hashes: readonly string[]): Promise<string>;
}

/** SHA-256 of every file of a plan, by its path in the bag. */
export function expectedFiles({ files, message }: UploadPlan): ReadonlyMap<string, string> {
  const sums = files.map(({ path, size, seed }) => [`data/files/${path}`, sha256(randomLooking(size, seed))] as const);
  return new Map(message === null ? sums : [...sums, ['data/message.txt', sha256(utf8Encode(message))]]);
}

/** Makes the parcel; its codename is drawn anew. */
export async function makeChaosParcel(plan: UploadPlan, card: Card, rootKey: Uint8Array): Promise<ChaosParcel> {
  const keys = await deriveCodename({ words: drawCodename(random), rootKey, rounds: 10 });
  const id = toHex(random(16));
  const day = new Date().toISOString().slice(0, 10);
  const layout = createLayout({
    parcel: id,
    day,
    sender: toBase64Url(keys.mailbox.publicKey),
    replyRecipient: keys.replyRecipient,
    message: plan.message,
    messageModified: 1_700_000_000_000,
    files: plan.files.map(({ path, size }) => ({ path, size, modified: 1_700_000_000_000 })),
  });
  const contents = [
    ...(plan.message === null ? [] : [utf8Encode(plan.message)]),
    ...plan.files.map(({ size, seed }) => randomLooking(size, seed)),
  ];
  const late = await lateBytes(
    layout,
    contents.map((content) => ({ sha256: createHash('sha256').update(content).digest(), status: 'whole' })),
  );
  const size = layout.paddedSize;
  const parts = partCount(size, PART_SIZE);
  const recipients = recipientsOn(card, day);
  return {
    id,
    keys,
    parts,
    opening: () =>
      signOpening(
        { parcel: id, mailbox: keys.mailbox.publicKey, card: card.serial, partSize: PART_SIZE, size },
        keys.mailbox,
      ),
    async part(part) {
      const { from, to } = partRange(part, size, PART_SIZE);
      const plaintext = fill([...layout.piecesIn(from, to)], contents, late);
      const bytes = await encryptFile({ plaintext, recipients, provider: nodeCipher, random });
      const hash = sha256(bytes);
      const statement = await signPartStatement({ parcel: id, part, size: bytes.length, sha256: hash }, keys.mailbox);
      return { bytes, sha256: hash, statement };
    },
    async seal(hashes) {
      const root = toHex(await merkleRoot(hashes.map((hash) => fromHex(hash, 32))));
      return signSeal({ parcel: id, partSize: PART_SIZE, parts, root }, keys.mailbox);
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
