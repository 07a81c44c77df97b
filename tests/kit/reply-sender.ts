/** A courier with replies for server tests: a session, and the statements about random parts. The parts are no age files: the server cannot tell. */
import { createHash } from 'node:crypto';
import { fromBase64Url, toBase64 } from '../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import {
  CHALLENGE_ROUTE,
  REPLIES_ROUTE,
  replyPartRoute,
  replySealRoute,
  SESSION_ROUTE,
} from '../../shared/protocol/routes.ts';
import type { Direction } from '../../shared/statements/direction.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { signPartStatement } from '../../shared/statements/part-statement.ts';
import { signReplyOpening } from '../../shared/statements/reply-opening.ts';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';
import { signSeal } from '../../shared/statements/seal.ts';
import type { Seal } from '../../shared/statements/seal.ts';
import { signSignIn } from '../../shared/statements/sign-in.ts';
import { random } from './random-bytes.ts';
import { BODY_TYPE, MIB, postJson } from './sender.ts';
import type { WrittenReply } from './write-reply.ts';

export interface ReplySender {
  readonly parcel: string;
  readonly parts: number;
  opening(change?: Partial<ReplyOpening>): Promise<string>;
  /** tus headers that create a part with these bytes; content type only where a body goes along. */
  creation(part: number, bytes: Uint8Array, direction?: Direction): Promise<Record<string, string>>;
  seal(parts: readonly Uint8Array[], change?: Partial<Seal>, direction?: Direction): Promise<string>;
}

export interface ReplySenderOptions {
  /** The key that signs. */
  readonly key: SigningKey;
  /** Whom it is for. */
  readonly mailbox: Uint8Array;
  readonly parts?: number;
}

/** A fresh reply; nothing is sent by itself. */
export function createReplySender({ key, mailbox, parts = 2 }: ReplySenderOptions): ReplySender {
  const parcel = toHex(random(16));
  const size = (parts - 1) * MIB + 1000;
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  return {
    parcel,
    parts,
    opening: (change) =>
      signReplyOpening({ parcel, mailbox, number: 1, day: '2026-11-24', card: 1, partSize: MIB, size, ...change }, key),
    async creation(part, bytes, direction = 'reply') {
      const statement = { parcel, part, size: bytes.length, sha256: sha256(bytes) };
      return creationOf(bytes, await signPartStatement(statement, key, direction));
    },
    async seal(list, change, direction = 'reply') {
      const root = toHex(await merkleRoot(list.map((bytes) => fromHex(sha256(bytes), 32))));
      return signSeal({ parcel, partSize: MIB, parts, root, ...change }, key, direction);
    },
  };
}

/** A reply that is written already, to be brought to a server as it is. */
export function senderOf({ opening, envelope, parts }: WrittenReply): ReplySender {
  return {
    parcel: opening.parcel,
    parts: parts.length,
    opening: () => Promise.resolve(envelope.opening),
    creation: (part, bytes) => Promise.resolve(creationOf(bytes, envelope.parts[part]!)),
    seal: () => Promise.resolve(envelope.seal!),
  };
}

function creationOf(bytes: Uint8Array, statement: string): Record<string, string> {
  return {
    'tus-resumable': '1.0.0',
    'upload-length': String(bytes.length),
    'upload-metadata': `statement ${toBase64(utf8Encode(statement))}`,
  };
}

/** Headers of a courier that is signed in. */
export type Session = Readonly<Record<'authorization', string>>;

/** Signs a courier in at a staff listener. */
export async function signInAt(staff: string, courier: SigningKey): Promise<Session> {
  const given = (await (await fetch(staff + CHALLENGE_ROUTE, { method: 'POST' })).json()) as { challenge: string };
  const challenge = fromBase64Url(given.challenge, 32);
  const statement = await signSignIn({ challenge, host: new URL(staff).host }, courier);
  const { token } = (await (await postJson(staff + SESSION_ROUTE, { statement })).json()) as { token: string };
  return { authorization: `Bearer ${token}` };
}

/** POST of a JSON body in a session. */
export function postIn(session: Session, url: string, body: unknown): Promise<Response> {
  const headers = { ...session, 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Opens the reply. */
export async function openReplyAt(staff: string, session: Session, sender: ReplySender): Promise<Response> {
  return postIn(session, staff + REPLIES_ROUTE, { opening: await sender.opening() });
}

/** Sends a whole part of it in one request. */
export async function sendReplyPartAt(
  staff: string,
  session: Session,
  sender: ReplySender,
  part: number,
  bytes: Uint8Array,
): Promise<Response> {
  return fetch(staff + replyPartRoute(sender.parcel, part), {
    method: 'POST',
    headers: { ...session, ...(await sender.creation(part, bytes)), ...BODY_TYPE },
    body: Buffer.from(bytes),
  });
}

/** Opens, sends and seals a reply of these parts. Throws on any answer that is not the expected one. */
export async function deliverReply(
  staff: string,
  session: Session,
  sender: ReplySender,
  parts: readonly Uint8Array[],
): Promise<string> {
  const answers = [await openReplyAt(staff, session, sender)];
  for (const [part, bytes] of parts.entries()) answers.push(await sendReplyPartAt(staff, session, sender, part, bytes));
  const sealed = await postIn(session, staff + replySealRoute(sender.parcel), { seal: await sender.seal(parts) });
  for (const answer of [...answers, sealed])
    if (!answer.ok) throw new Error(`reply: ${answer.status} ${await answer.text()}`);
  return ((await sealed.json()) as { receipt: string }).receipt;
}
