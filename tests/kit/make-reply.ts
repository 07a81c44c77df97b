/** Replies of random bytes for the courier's tests: in a bundle's outbox, with all that is signed about them. They are no age files: who carries them cannot tell. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { formatEnvelope } from '../../shared/protocol/envelope.ts';
import type { Envelope } from '../../shared/protocol/envelope.ts';
import { partName } from '../../shared/protocol/part-name.ts';
import { signCard } from '../../shared/statements/card.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { signPartStatement } from '../../shared/statements/part-statement.ts';
import { signReplyOpening } from '../../shared/statements/reply-opening.ts';
import { signSeal } from '../../shared/statements/seal.ts';
import { testCardOf } from './test-card.ts';

const MIB = 1_048_576;

/** What signs cards, replies and receipts of one organisation. */
export interface Signers {
  readonly root: SigningKey;
  readonly reply: SigningKey;
  readonly receipt: SigningKey;
  /** Its card, as a note. */
  readonly card: string;
}

/** Fresh keys and their card. */
export async function drawSigners(): Promise<Signers> {
  const [root, reply, receipt] = await Promise.all([0, 1, 2].map(() => ed25519FromSeed(randomBytes(32))));
  const keys = { root: root!, reply: reply!, receipt: receipt! };
  return { ...keys, card: await signCard(testCardOf(keys), keys.root) };
}

export interface ReplyOptions {
  /** Default 3. */
  readonly parts?: number;
  /** Bytes of each part; default 5,000. */
  readonly size?: number;
  readonly number?: number;
  readonly mailbox?: Uint8Array;
}

export interface MadeReply {
  readonly reply: string;
  readonly folder: string;
  readonly parts: readonly Uint8Array[];
  readonly envelope: Envelope;
  /** Path of a part's file. */
  path(part: number): string;
  writeEnvelope(envelope: Envelope): Promise<void>;
}

/** Writes a reply into the outbox of a bundle. */
export async function makeReply(
  bundle: string,
  { reply: key }: Pick<Signers, 'reply'>,
  { parts: count = 3, size = 5000, number = 1, mailbox = randomBytes(32) }: ReplyOptions = {},
): Promise<MadeReply> {
  const reply = toHex(randomBytes(16));
  const folder = join(bundle, 'outbox', reply);
  await mkdir(folder, { recursive: true });
  const parts = Array.from({ length: count }, () => randomBytes(size));
  const hashes = parts.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
  const root = toHex(await merkleRoot(hashes.map((hash) => fromHex(hash, 32))));
  const opening = { parcel: reply, mailbox, card: 1, partSize: MIB, size: count * MIB, number, day: '2026-11-24' };
  const envelope: Envelope = {
    version: 1,
    parcel: reply,
    mailbox: toBase64Url(mailbox),
    opening: await signReplyOpening(opening, key),
    parts: await Promise.all(
      hashes.map((sha256, part) => signPartStatement({ parcel: reply, part, size, sha256 }, key, 'reply')),
    ),
    seal: await signSeal({ parcel: reply, partSize: MIB, parts: count, root }, key, 'reply'),
    receipt: null,
  };
  const made: MadeReply = {
    reply,
    folder,
    parts,
    envelope,
    path: (part) => join(folder, partName(part)),
    writeEnvelope: (changed) => writeFile(join(folder, 'envelope.json'), formatEnvelope(changed)),
  };
  for (const [part, bytes] of parts.entries()) await writeFile(made.path(part), bytes);
  await made.writeEnvelope(envelope);
  return made;
}
