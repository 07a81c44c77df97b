/** A sender for server tests: a mailbox key, a parcel of random parts, and the statements about them. The parts are no age files: the server cannot tell. */
import { createHash } from 'node:crypto';
import { toBase64 } from '../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { PARCELS_ROUTE, partRoute, sealRoute } from '../../shared/protocol/routes.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { signOpening } from '../../shared/statements/opening.ts';
import type { Opening } from '../../shared/statements/opening.ts';
import { signPartStatement } from '../../shared/statements/part-statement.ts';
import { signSeal } from '../../shared/statements/seal.ts';
import type { Seal } from '../../shared/statements/seal.ts';
import { random } from './random-bytes.ts';
import { postWorking } from './solve-work.ts';

export const MIB = 1_048_576;

export interface Sender {
  readonly parcel: string;
  readonly mailbox: SigningKey;
  readonly parts: number;
  /** The opening note. */
  opening(change?: Partial<Opening>): Promise<string>;
  /** The note for a part with these bytes. */
  statement(part: number, bytes: Uint8Array, key?: SigningKey): Promise<string>;
  /** tus headers that create a part with these bytes; content type only where a body goes along. */
  creation(part: number, bytes: Uint8Array, beside?: BesideStatement): Promise<Record<string, string>>;
  /** The note that seals the parcel over these parts. */
  seal(parts: readonly Uint8Array[], change?: Partial<Seal>): Promise<string>;
}

/** What may come beside the statement of a part. */
export interface BesideStatement {
  readonly writer?: number;
  readonly record?: Uint8Array;
}

export interface SenderOptions {
  /** A fresh one when it is left out. */
  readonly mailbox?: SigningKey;
  readonly parts?: number;
  readonly partSize?: number;
  readonly card?: number;
}

/** A fresh parcel; nothing is sent by itself. */
export async function createSender(options: SenderOptions = {}): Promise<Sender> {
  const { parts = 3, partSize = MIB, card = 1, mailbox = await ed25519FromSeed(random(32)) } = options;
  const parcel = toHex(random(16));
  const size = (parts - 1) * partSize + 1000;
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const statement: Sender['statement'] = (part, bytes, key = mailbox) =>
    signPartStatement({ parcel, part, size: bytes.length, sha256: sha256(bytes) }, key);
  return {
    parcel,
    mailbox,
    parts,
    statement,
    opening: (change) => signOpening({ parcel, mailbox: mailbox.publicKey, card, partSize, size, ...change }, mailbox),
    async creation(part, bytes, { writer, record } = {}) {
      const pairs = [`statement ${toBase64(utf8Encode(await statement(part, bytes)))}`];
      if (writer !== undefined) pairs.push(`writer ${toBase64(utf8Encode(String(writer)))}`);
      if (record !== undefined) pairs.push(`record ${toBase64(record)}`);
      return {
        'tus-resumable': '1.0.0',
        'upload-length': String(bytes.length),
        'upload-metadata': pairs.join(','),
      };
    },
    async seal(list, change) {
      const root = toHex(await merkleRoot(list.map((bytes) => fromHex(sha256(bytes), 32))));
      return signSeal({ parcel, partSize, parts, root, ...change }, mailbox);
    },
  };
}

export const BODY_TYPE = { 'content-type': 'application/offset+octet-stream' } as const;

/** Opens the parcel at a source listener, and works for it when asked. Throws unless it answers 200 or 201. */
export async function openAt(source: string, sender: Sender): Promise<void> {
  const answer = await postWorking(source + PARCELS_ROUTE, { opening: await sender.opening() });
  if (!answer.ok) throw new Error(`opening: ${answer.status} ${await answer.text()}`);
}

/** Sends a whole part in one request. */
export async function sendAt(
  source: string,
  sender: Sender,
  part: number,
  bytes: Uint8Array,
  beside?: BesideStatement,
): Promise<Response> {
  return fetch(source + partRoute(sender.parcel, part), {
    method: 'POST',
    headers: { ...(await sender.creation(part, bytes, beside)), ...BODY_TYPE },
    body: Buffer.from(bytes),
  });
}

/** Asks for the seal over these parts. */
export async function sealAt(source: string, sender: Sender, parts: readonly Uint8Array[]): Promise<Response> {
  return postJson(source + sealRoute(sender.parcel), { seal: await sender.seal(parts) });
}

/** POST of a JSON body. */
export function postJson(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
