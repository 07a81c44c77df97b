/** What stands on a server before somebody comes, and what each role brings along: tokens and keys of all of them, signed content for every route. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { CHALLENGE_ROUTE, ledgerRoute, partRoute } from '../../shared/protocol/routes.ts';
import { signMailboxSignIn } from '../../shared/statements/mailbox-sign-in.ts';
import { signSignIn } from '../../shared/statements/sign-in.ts';
import type { Content, Role, Subject } from './access-table.ts';
import { mailboxChallenge, mailboxOwner } from './mailbox-owner.ts';
import type { MailboxOwner } from './mailbox-owner.ts';
import { random } from './random-bytes.ts';
import { createReplySender, deliverReply, signInAt } from './reply-sender.ts';
import type { ReplySender, Session } from './reply-sender.ts';
import { BODY_TYPE, createSender, openAt, sealAt, sendAt } from './sender.ts';
import type { Sender } from './sender.ts';
import type { TestServer } from './test-server.ts';

/** Text, so that a request can be written as one string. */
const PART = new TextEncoder().encode('a part, or what stands for one '.repeat(20));
const TUS = { 'tus-resumable': '1.0.0' } as const;
const JSON_TYPE = { 'content-type': 'application/json' } as const;
const FORM = 'form-of-the-test';

/** Everybody of the table, with a key to sign by and what they show. */
export interface Cast {
  readonly owner: MailboxOwner;
  readonly session: Session;
  readonly key: Readonly<Record<Role, SigningKey>>;
  readonly shows: Readonly<Record<Role, Readonly<Record<string, string>>>>;
}

/** Signs everybody in; the courier that is to be removed is removed after that. */
export async function gatherCast(server: TestServer): Promise<Cast> {
  const { organisation, sourceUrl, staffUrl } = server;
  const removed = await ed25519FromSeed(random(32));
  const list = join(server.database.data, 'couriers.txt');
  const enrolled = `${toBase64Url(organisation.courier.publicKey)} stays\n`;
  await writeFile(list, `${enrolled}${toBase64Url(removed.publicKey)} goes\n`);
  const [owner, other] = [await mailboxOwner(sourceUrl), await mailboxOwner(sourceUrl)];
  const [session, ended] = [await signInAt(staffUrl, organisation.courier), await signInAt(staffUrl, removed)];
  await writeFile(list, enrolled);
  return {
    owner,
    session,
    key: {
      nobody: await ed25519FromSeed(random(32)),
      source: owner.key,
      'another source': other.key,
      courier: organisation.courier,
      'removed courier': removed,
    },
    shows: {
      nobody: {},
      source: { authorization: `Bearer ${owner.token}` },
      'another source': { authorization: `Bearer ${other.token}` },
      courier: session,
      'removed courier': ended,
    },
  };
}

export interface Scene {
  /** The parcel of the source that stands in an address. */
  readonly id: Readonly<Record<Subject, string>>;
  /** Headers and body for a row of the table, signed by the role's key. */
  content(kind: Content | undefined, subject: Subject | undefined, role: Role): Promise<Sent>;
}

export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sets a fresh scene of the source's: one sealed submission, one that has a part, the half of another and a ledger, and a reply. */
export async function setScene(server: TestServer, cast: Cast): Promise<Scene> {
  const { sourceUrl, staffUrl, organisation } = server;
  const { owner, session } = cast;
  const sealed = await createSender({ mailbox: owner.key, parts: 1 });
  const unsealed = await createSender({ mailbox: owner.key, parts: 3 });
  for (const each of [sealed, unsealed]) {
    await openAt(sourceUrl, each);
    await sendAt(sourceUrl, each, 0, PART);
  }
  await sealAt(sourceUrl, sealed, [PART]);
  await beginPart(sourceUrl, unsealed);
  await owner.postBytes(ledgerRoute(unsealed.parcel, 0), new Uint8Array(100));
  const reply = createReplySender({ key: organisation.reply, mailbox: owner.key.publicKey, parts: 1 });
  await deliverReply(staffUrl, session, reply, [PART]);
  const senders = { sealed, unsealed };

  return {
    id: { sealed: sealed.parcel, unsealed: unsealed.parcel, reply: reply.parcel },
    async content(kind, subject, role) {
      const key = cast.key[role];
      const sender = senders[subject === 'sealed' ? 'sealed' : 'unsealed'];
      return (await ofSource(kind, sender, key, sourceUrl)) ?? (await ofStaff(kind, reply, key, server));
    },
  };
}

async function beginPart(source: string, sender: Sender): Promise<void> {
  const url = source + partRoute(sender.parcel, 1);
  await fetch(url, { method: 'POST', headers: await sender.creation(1, PART) });
  const headers = { ...TUS, ...BODY_TYPE, 'upload-offset': '0' };
  await fetch(url, { method: 'PATCH', headers, body: PART.slice(0, 100) });
}

const json = (value: unknown): Sent => ({ headers: JSON_TYPE, body: JSON.stringify(value) });
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function ofSource(
  kind: Content | undefined,
  sender: Sender,
  key: SigningKey,
  source: string,
): Promise<Sent | null> {
  // The same parcel, spoken of by whoever comes.
  const theirs: Sender = { ...(await createSender({ mailbox: key, parts: sender.parts })), parcel: sender.parcel };
  const { parcel } = sender;
  switch (kind) {
    case undefined:
      return { headers: {}, body: '' };
    case 'tus':
      return { headers: TUS, body: '' };
    case 'opening':
      return json({
        opening:
          key === sender.mailbox ? await sender.opening() : await theirs.opening({ parcel, mailbox: key.publicKey }),
      });
    case 'seal':
      return json({ seal: key === sender.mailbox ? await sender.seal([PART]) : await theirs.seal([PART], { parcel }) });
    case 'part':
    case 'statement': {
      const headers = await creationBy(sender, key);
      return kind === 'part' ? { headers: { ...headers, ...BODY_TYPE }, body: text(PART) } : { headers, body: '' };
    }
    case 'rest':
      return { headers: { ...TUS, ...BODY_TYPE, 'upload-offset': '100' }, body: text(PART.slice(100)) };
    case 'mailbox sign-in':
      return json({ statement: await signMailboxSignIn(await mailboxChallenge(source), key) });
    case 'claim':
      return json({ writer: 1 });
    case 'page':
      return { headers: { 'content-type': 'application/octet-stream' }, body: '\0'.repeat(100) };
    default:
      return null;
  }
}

/** The tus headers of the sender's part 0 with a statement by another key. */
async function creationBy(sender: Sender, key: SigningKey): Promise<Record<string, string>> {
  const headers = await sender.creation(0, PART);
  const statement = Buffer.from(await sender.statement(0, PART, key)).toString('base64');
  return { ...headers, 'upload-metadata': `statement ${statement}` };
}

async function ofStaff(
  kind: Content | undefined,
  reply: ReplySender,
  key: SigningKey,
  { staffUrl, organisation }: TestServer,
): Promise<Sent> {
  switch (kind) {
    case 'staff sign-in': {
      const answer = await fetch(staffUrl + CHALLENGE_ROUTE, { method: 'POST' });
      const challenge = fromBase64Url(((await answer.json()) as { challenge: string }).challenge, 32);
      return json({ statement: await signSignIn({ challenge, host: new URL(staffUrl).host }, key) });
    }
    case 'card': {
      const lines = [`--${FORM}`, 'content-disposition: form-data; name="card"; filename="card.note"', ''];
      return {
        headers: { 'content-type': `multipart/form-data; boundary=${FORM}` },
        body: `${lines.join('\r\n')}\r\n${await organisation.card()}\r\n--${FORM}--\r\n`,
      };
    }
    case 'reply opening':
      return json({ opening: await reply.opening() });
    case 'reply seal':
      return json({ seal: await reply.seal([PART]) });
    case 'reply part':
      return { headers: { ...(await reply.creation(0, PART)), ...BODY_TYPE }, body: text(PART) };
    case 'reply rest':
      return { headers: { ...TUS, ...BODY_TYPE, 'upload-offset': String(PART.length) }, body: '' };
    default:
      throw new Error(`no content of the kind ${kind}`);
  }
}
