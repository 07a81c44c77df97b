/** Who has a codename, for server tests: signs in at the source listener and asks what a mailbox may be asked. No client code. */
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import type { MailboxAnswer } from '../../shared/protocol/messages.ts';
import { MAILBOX_CHALLENGE_ROUTE, MAILBOX_ROUTE, MAILBOX_SESSION_ROUTE } from '../../shared/protocol/routes.ts';
import { signMailboxSignIn } from '../../shared/statements/mailbox-sign-in.ts';
import { random } from './random-bytes.ts';
import { postWorking } from './solve-work.ts';

export interface MailboxOwner {
  readonly key: SigningKey;
  readonly token: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** POST of JSON; of `{}` when there is nothing to say. */
  post(path: string, body?: unknown): Promise<Response>;
  postBytes(path: string, bytes: Uint8Array): Promise<Response>;
  look(): Promise<MailboxAnswer>;
  /** The same, with the same token, at another process. */
  at(source: string): MailboxOwner;
}

/** A fresh challenge. */
export async function mailboxChallenge(source: string): Promise<Uint8Array> {
  const answer = await fetch(source + MAILBOX_CHALLENGE_ROUTE, { method: 'POST' });
  return fromBase64Url(((await answer.json()) as { challenge: string }).challenge, 32);
}

/** The answer to a sign-in by this key, to a fresh challenge or a given one; works for it when asked. */
export async function answerChallenge(source: string, key: SigningKey, challenge?: Uint8Array): Promise<Response> {
  const statement = await signMailboxSignIn(challenge ?? (await mailboxChallenge(source)), key);
  return postWorking(source + MAILBOX_SESSION_ROUTE, { statement });
}

/** Signs in with a key, or a fresh one: nobody's, as far as the server can know. */
export async function mailboxOwner(source: string, given?: SigningKey): Promise<MailboxOwner> {
  const key = given ?? (await ed25519FromSeed(random(32)));
  const { token } = (await (await answerChallenge(source, key)).json()) as { token: string };
  return ownerAt(source, key, token);
}

function ownerAt(source: string, key: SigningKey, token: string): MailboxOwner {
  const authorization = `Bearer ${token}`;
  const get: MailboxOwner['get'] = (path, headers = {}) =>
    fetch(source + path, { headers: { authorization, ...headers } });
  return {
    key,
    token,
    get,
    post: (path, body = {}) =>
      fetch(source + path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    postBytes: (path, bytes) =>
      fetch(source + path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/octet-stream' },
        body: Buffer.from(bytes),
      }),
    look: async () => (await (await get(MAILBOX_ROUTE)).json()) as MailboxAnswer,
    at: (other) => ownerAt(other, key, token),
  };
}
