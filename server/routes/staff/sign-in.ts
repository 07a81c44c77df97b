/** Sign-in of couriers: a challenge signed by an enrolled key, bound to this host, gives a token for an hour. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fromBase64Url, toBase64Url } from '../../../shared/bytes/base64.ts';
import { Problem } from '../../../shared/problem/problem.ts';
import { sessionRequest } from '../../../shared/protocol/messages.ts';
import { parse } from '../../../shared/protocol/parse.ts';
import { CHALLENGE_ROUTE, SESSION_ROUTE } from '../../../shared/protocol/routes.ts';
import { openSignIn } from '../../../shared/statements/sign-in.ts';
import { SESSION_SECONDS } from '../../store/sign-ins.ts';
import type { SignIns } from '../../store/sign-ins.ts';

export interface SignInServices {
  readonly signIns: SignIns;
  readonly isEnrolled: (courier: Uint8Array) => Promise<boolean>;
  /** Hosts with port that a sign-in may name; empty: loopback names with the port of the listener. */
  readonly names: readonly string[];
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Registers challenge and session. */
export function registerSignIn(app: FastifyInstance, { signIns, isEnrolled, names }: SignInServices): void {
  app.post(CHALLENGE_ROUTE, async () => ({ challenge: toBase64Url(await signIns.challenge()) }));

  app.post(SESSION_ROUTE, async (request) => {
    const { statement } = parse(sessionRequest, request.body);
    const { challenge, courier, host } = await openSignIn(statement);
    if (!(await signIns.consume(challenge))) throw new Problem('challenge-unknown');
    // The Host header is no proof: another server that passes a courier's answer on would send ours along with it.
    const port = request.socket.localPort;
    const accepted = names.length > 0 ? names : LOOPBACK.map((name) => `${name}:${port}`);
    if (!accepted.includes(host) || !(await isEnrolled(courier))) throw new Problem('sign-in-refused');
    return { token: toBase64Url(await signIns.begin(courier)), expiresIn: SESSION_SECONDS };
  });
}

/** A hook that lets only couriers through that are signed in and still enrolled. Problem `sign-in-refused`. */
export function requireSession({ signIns, isEnrolled }: SignInServices): (request: FastifyRequest) => Promise<void> {
  return async ({ headers }) => {
    const token = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(headers.authorization ?? '')?.[1];
    const courier = token === undefined ? null : await signIns.courier(readToken(token));
    if (courier === null || !(await isEnrolled(courier))) throw new Problem('sign-in-refused');
  };
}

function readToken(text: string): Uint8Array {
  try {
    return fromBase64Url(text, 32);
  } catch {
    throw new Problem('sign-in-refused');
  }
}
