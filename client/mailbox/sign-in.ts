/** Signing in to a mailbox by signature over a fresh challenge: once for all calls, and again when the server wants it. Nothing is stored. */
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { challengeAnswer, mailboxSessionAnswer } from '../../shared/protocol/messages.ts';
import { MAILBOX_CHALLENGE_ROUTE, MAILBOX_SESSION_ROUTE } from '../../shared/protocol/routes.ts';
import { signMailboxSignIn } from '../../shared/statements/mailbox-sign-in.ts';
import { askServer } from '../upload/ask-server.ts';
import type { Exchange, Link } from '../upload/link.ts';

/** See {@link createSignIn}. */
export interface SignIn {
  /** Does `work` with a token: with a new one when the server refuses the old. */
  withToken<Value>(work: (token: string) => Promise<Value>): Promise<Value>;
}

interface Token {
  readonly text: string;
  /** When it came, in ticks. */
  readonly since: number;
}

/** A challenge or token of so many milliseconds cannot have run out: that it is refused all the same has another reason. */
const FRESH = 60_000;

/** Nothing is asked before a token is needed. */
export function createSignIn(link: Link, exchange: () => Exchange, key: SigningKey): SignIn {
  let current: Promise<Token> | null = null;

  async function signInOnce(): Promise<string> {
    const { challenge } = await askServer(link, exchange(), {
      path: MAILBOX_CHALLENGE_ROUTE,
      body: {},
      schema: challengeAnswer,
    });
    const statement = await signMailboxSignIn(fromBase64Url(challenge, 32), key);
    const { token } = await askServer(link, exchange(), {
      path: MAILBOX_SESSION_ROUTE,
      body: { statement },
      schema: mailboxSessionAnswer,
    });
    return token;
  }

  /** The link may have been away so long, between challenge and answer, that the challenge ran out. */
  async function signIn(): Promise<Token> {
    for (let refusals = 0; ;) {
      const since = link.clock.ticks();
      try {
        return { text: await signInOnce(), since: link.clock.ticks() };
      } catch (error) {
        refusals += refusal(error, since);
        if (refusals > 1) throw error;
      }
    }
  }

  function token(): Promise<Token> {
    if (current === null) {
      const signing = signIn();
      current = signing;
      // After a failure the next call is to try anew.
      signing.catch(() => drop(signing));
    }
    return current;
  }

  function drop(used: Promise<Token>): void {
    if (current === used) current = null;
  }

  /** 1 for the refusal of something fresh, 0 for that of something old. Throws any other error. */
  function refusal(error: unknown, since: number): number {
    if (!isProblem(error, 'mailbox-refused')) throw error;
    return link.clock.ticks() - since < FRESH ? 1 : 0;
  }

  return {
    async withToken(work) {
      for (let refusals = 0; ;) {
        const used = token();
        const { text, since } = await used;
        try {
          return await work(text);
        } catch (error) {
          refusals += refusal(error, since);
          drop(used);
          if (refusals > 1) throw error;
        }
      }
    },
  };
}
