/** Bundles as a courier would bring them, made without server or browser: keys, card, parcels, and any archive as their content. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeCipher } from '../../desk/node-cipher.ts';
import { runDesk } from '../../desk/run.ts';
import { silentProgress } from '../../desk/terminal/progress.ts';
import { encryptFile } from '../../shared/age/file.ts';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { partCount, partRange } from '../../shared/parcel/parts.ts';
import { formatEnvelope } from '../../shared/protocol/envelope.ts';
import type { Envelope } from '../../shared/protocol/envelope.ts';
import { partName } from '../../shared/protocol/part-name.ts';
import { openCard } from '../../shared/statements/card.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { signOpening } from '../../shared/statements/opening.ts';
import { signPartStatement } from '../../shared/statements/part-statement.ts';
import { signReceipt } from '../../shared/statements/receipt.ts';
import { signSeal } from '../../shared/statements/seal.ts';
import { random } from './random-bytes.ts';
import { testMailbox } from './test-mailbox.ts';

export const BUNDLE_DAY = '2026-11-24';
const MIB = 1_048_576;

/** An organisation with keys in `keys` and a bundle in `bundle` that holds its card and no parcel yet. */
export interface Drop {
  readonly keys: string;
  readonly bundle: string;
  readonly receiptKey: SigningKey;
  readonly recipients: readonly string[];
}

/** Makes keys and an empty bundle in the folder `parent`. */
export async function makeDrop(parent: string, kind: 'hybrid' | 'classic' = 'classic'): Promise<Drop> {
  const keys = join(parent, 'keys');
  const bundle = join(parent, 'bundle');
  const receiptKey = await ed25519FromSeed(random(32));
  await deskStdout(['init', keys, '--organisation', 'Example Newsroom', ...(kind === 'classic' ? ['--classic'] : [])]);
  const root = fromBase64Url((await deskStdout(['root', keys])).trim(), 32);
  const note = await deskStdout(['card', keys, '--receipt-key', toBase64Url(receiptKey.publicKey)]);
  await mkdir(join(bundle, 'inbox'), { recursive: true });
  await writeFile(join(bundle, 'card.note'), note);
  const { recipients } = await openCard(note, root);
  return { keys, bundle, receiptKey, recipients: recipients.map(({ recipient }) => recipient) };
}

async function deskStdout(args: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await runDesk(args, {
    now: () => new Date(`${BUNDLE_DAY}T12:00:00Z`),
    random,
    progress: silentProgress,
    warn: () => undefined,
    readInput: () => Promise.resolve(new Uint8Array(0)),
  });
  if (exit !== 0) throw new Error(`desk ${args[0]}: ${stderr}`);
  return stdout;
}

export interface ParcelOptions {
  readonly parcel?: string;
  /** Gives the plaintext of the padded stream. */
  readonly size: number;
  readonly read: (from: number, to: number) => Uint8Array | Promise<Uint8Array>;
  readonly partSize?: number;
  /** Only these parts; the parcel is then not sealed. */
  readonly only?: readonly number[];
  /** Default: sealed unless `only` is given. */
  readonly sealed?: boolean;
  /** Default: as `sealed`. */
  readonly received?: boolean;
  readonly recipients?: readonly string[];
  /** Who signs; default: the one of test-mailbox.ts. */
  readonly mailbox?: SigningKey;
  /** The day on the receipt. */
  readonly day?: string;
}

/** A parcel that was put into a bundle. */
export interface MadeParcel {
  readonly parcel: string;
  readonly folder: string;
  readonly mailbox: SigningKey;
  readonly partSize: number;
  readonly parts: number;
  readonly size: number;
  /** Path of a part's file. */
  path(part: number): string;
  envelope(): Promise<Envelope>;
  writeEnvelope(envelope: Envelope): Promise<void>;
}

/** Puts a parcel with the given stream into the bundle of `drop`. */
export async function makeParcel(drop: Drop, options: ParcelOptions): Promise<MadeParcel> {
  const { parcel = randomBytes(16).toString('hex'), size, read, partSize = MIB, only } = options;
  const { sealed = only === undefined, received = sealed, recipients = drop.recipients } = options;
  const folder = join(drop.bundle, 'inbox', parcel);
  await mkdir(folder, { recursive: true });
  const mailbox = options.mailbox ?? (await testMailbox());
  const parts = partCount(size, partSize);
  const notes: string[] = [];
  const hashes: Uint8Array[] = [];
  for (let part = 0; part < parts; part++) {
    if (only !== undefined && !only.includes(part)) continue;
    const { from, to } = partRange(part, size, partSize);
    const file = await encryptFile({ plaintext: await read(from, to), recipients, provider: nodeCipher, random });
    await writeFile(join(folder, partName(part)), file);
    const sha256 = createHash('sha256').update(file).digest('hex');
    hashes.push(fromHex(sha256));
    notes.push(await signPartStatement({ parcel, part, size: file.length, sha256 }, mailbox));
  }
  const root = toHex(await merkleRoot(hashes));
  const made: MadeParcel = {
    parcel,
    folder,
    mailbox,
    partSize,
    parts,
    size,
    path: (part) => join(folder, partName(part)),
    envelope: async () => JSON.parse(await readFile(join(folder, 'envelope.json'), 'utf8')) as Envelope,
    writeEnvelope: (envelope) => writeFile(join(folder, 'envelope.json'), formatEnvelope(envelope)),
  };
  await made.writeEnvelope({
    version: 1,
    parcel,
    mailbox: toBase64Url(mailbox.publicKey),
    opening: await signOpening({ parcel, mailbox: mailbox.publicKey, card: 1, partSize, size }, mailbox),
    parts: notes,
    seal: sealed ? await signSeal({ parcel, partSize, parts, root }, mailbox) : null,
    receipt: received
      ? await signReceipt({ parcel, root, received: options.day ?? BUNDLE_DAY }, drop.receiptKey)
      : null,
  });
  return made;
}

/** As `makeParcel`, from a stream in memory. */
export function makeParcelOf(
  drop: Drop,
  stream: Uint8Array,
  options: Omit<ParcelOptions, 'size' | 'read'> = {},
): Promise<MadeParcel> {
  return makeParcel(drop, { ...options, size: stream.length, read: (from, to) => stream.subarray(from, to) });
}
