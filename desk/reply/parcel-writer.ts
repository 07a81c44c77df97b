/** Writes the parts of a reply one after the other, in memory that does not grow with it: read, hashed, encrypted, signed, on the disk. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { encryptFile } from '../../shared/age/file.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import type { Layout } from '../../shared/parcel/layout.ts';
import { partCount, partRange } from '../../shared/parcel/parts.ts';
import { maxPartCiphertext } from '../../shared/protocol/limits.ts';
import { partName } from '../../shared/protocol/part-name.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { signPartStatement } from '../../shared/statements/part-statement.ts';
import { signSeal } from '../../shared/statements/seal.ts';
import { writeNew } from '../durable.ts';
import { nodeCipher } from '../node-cipher.ts';
import type { Bar } from '../terminal/progress.ts';
import type { PayloadReader } from './payload-reader.ts';

/** Small parts: a source's browser holds whole ones, and one that comes over a slow link is soon safe. */
export const REPLY_PART_SIZE = 1_048_576;
/** Parts on their way to the disk while the next ones are made. */
const WRITES = 3;

/** Writes all parts into `folder`, durably. What comes back are the notes for the envelope. */
export async function writeParts(input: {
  folder: string;
  layout: Layout;
  payload: PayloadReader;
  recipient: string;
  replyKey: SigningKey;
  random: Random;
  bar: Bar;
}): Promise<{ readonly parts: readonly string[]; readonly seal: string }> {
  const { folder, layout, payload, recipient, replyKey, random, bar } = input;
  const { parcel, paddedSize } = layout;
  const total = partCount(paddedSize, REPLY_PART_SIZE);
  const plain = new Uint8Array(Math.min(REPLY_PART_SIZE, paddedSize));
  const notes: string[] = [];
  const hashes: Uint8Array[] = [];
  const writes = createWrites();

  try {
    for (let part = 0; part < total; part++) {
      const { from, to } = partRange(part, paddedSize, REPLY_PART_SIZE);
      const plaintext = plain.subarray(0, to - from);
      await payload.fill(plaintext, from);
      const file = await encryptFile({
        plaintext,
        recipients: [recipient],
        provider: nodeCipher,
        random,
        into: await writes.buffer(),
      });
      const sha256 = createHash('sha256').update(file).digest('hex');
      hashes.push(fromHex(sha256, 32));
      notes.push(await signPartStatement({ parcel, part, size: file.length, sha256 }, replyKey, 'reply'));
      writes.start(join(folder, partName(part)), file);
      bar.update(to);
    }
  } finally {
    // Whoever clears the folder away must not meet a write that is under way.
    await writes.settled();
  }
  writes.check();
  const root = toHex(await merkleRoot(hashes));
  const seal = await signSeal({ parcel, partSize: REPLY_PART_SIZE, parts: total, root }, replyKey, 'reply');
  return { parts: notes, seal };
}

/** A few writes at the same time, each with a buffer that is used again. */
function createWrites() {
  const free = Array.from({ length: WRITES }, () => new Uint8Array(maxPartCiphertext(REPLY_PART_SIZE)));
  const running = new Set<Promise<void>>();
  const failed: unknown[] = [];

  function check(): void {
    if (failed.length > 0) throw failed[0];
  }

  return {
    async buffer(): Promise<Uint8Array<ArrayBuffer>> {
      while (free.length === 0) await Promise.race(running);
      check();
      return free.pop()!;
    },
    start(path: string, file: Uint8Array<ArrayBuffer>): void {
      const write = writeNew(path, file)
        .catch((error: unknown) => void failed.push(error))
        .then(() => {
          free.push(new Uint8Array(file.buffer));
          running.delete(write);
        });
      running.add(write);
    },
    async settled(): Promise<void> {
      await Promise.all(running);
    },
    check,
  };
}
