/** Signing in by Ed25519 challenge, once for all downloads at once, and again before the token runs out. */
import { fromBase64Url } from '../shared/bytes/base64.ts';
import type { SigningKey } from '../shared/crypto/ed25519.ts';
import { challengeAnswer, sessionAnswer } from '../shared/protocol/messages.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { parseJson } from '../shared/protocol/parse.ts';
import { CHALLENGE_ROUTE, SESSION_ROUTE } from '../shared/protocol/routes.ts';
import { signSignIn } from '../shared/statements/sign-in.ts';
import type { Effects } from './effects.ts';
import { Halt } from './halt.ts';
import type { Http, HttpAnswer, HttpRequest } from './http.ts';
import { readText } from './http.ts';
import { accept } from './answers.ts';
import { persist } from './away.ts';
import type { Patience } from './away.ts';

export interface Session {
  /** Sends a request signed in; answers are those of `accept`. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The same with whatever answer comes, for those that have no body to say why. */
  ask(request: HttpRequest): Promise<HttpAnswer>;
}

interface Token {
  readonly value: string;
  readonly until: number;
}

/** Renewed this long before it runs out. */
const MARGIN_MS = 30_000;
const MAX_ANSWER = 65_536;

/** A session on `http` for an enrolled key. Halt `sign-in-refused` when the server does not take the key. */
export function createSession(
  http: Http,
  key: SigningKey,
  patience: Patience,
  effects: Pick<Effects, 'now' | 'signal'>,
): Session {
  const { now, signal } = effects;
  let token: Token | null = null;
  let signingIn: Promise<Token> | null = null;

  async function signIn(): Promise<Token> {
    for (let tries = 0; ; tries++) {
      const { challenge } = await post(CHALLENGE_ROUTE, '{}', challengeAnswer);
      const statement = await signSignIn({ challenge: fromBase64Url(challenge, 32), host: http.host }, key);
      try {
        const { token: value, expiresIn } = await post(SESSION_ROUTE, JSON.stringify({ statement }), sessionAnswer);
        return { value, until: now().getTime() + expiresIn * 1000 };
      } catch (error) {
        // The answer to a first sending may have been lost, and the challenge used up by it.
        if (!isProblem(error, 'challenge-unknown') || tries >= 4) throw error;
      }
    }
  }

  async function post<Schema extends Parameters<typeof parseJson>[0]>(path: string, body: string, schema: Schema) {
    return persist(patience, async () => {
      const answer = await http.send({ method: 'POST', path, body }, signal);
      return parseJson(schema, await readText(await accept(answer), MAX_ANSWER));
    }).catch((error: unknown) => {
      throw isProblem(error, 'sign-in-refused') ? refused() : error;
    });
  }

  async function current(): Promise<Token> {
    if (token !== null && token.until - MARGIN_MS > now().getTime()) return token;
    signingIn ??= signIn().finally(() => {
      signingIn = null;
    });
    token = await signingIn;
    return token;
  }

  async function ask(request: HttpRequest): Promise<HttpAnswer> {
    for (let again = false; ; again = true) {
      const used = await current();
      const headers = { ...request.headers, authorization: `Bearer ${used.value}` };
      const answer = await http.send({ ...request, headers }, signal);
      if (answer.status !== 401) return answer;
      answer.discard();
      if (again) throw refused();
      if (token === used) token = null;
    }
  }

  return { ask, send: async (request) => accept(await ask(request)) };
}

function refused(): Halt {
  return new Halt(
    'sign-in-refused',
    'The server does not take this courier’s key, or not under this address.',
    'Have the line that “courier enrol FILE” prints added to couriers.txt in the server’s data folder, and the host in --server to its POSTERN_STAFF_NAMES.',
  );
}
