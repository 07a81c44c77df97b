/** Sign-in to a mailbox: whoever signs a challenge by its key is in. Nothing is looked up and nothing is kept, so every mailbox is the same here. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { toBase64Url } from '../../../shared/bytes/base64.ts';
import { isProblem, Problem } from '../../../shared/problem/problem.ts';
import { mailboxSessionRequest } from '../../../shared/protocol/messages.ts';
import { parse } from '../../../shared/protocol/parse.ts';
import { MAILBOX_CHALLENGE_ROUTE, MAILBOX_SESSION_ROUTE } from '../../../shared/protocol/routes.ts';
import { WORK_HEADER } from '../../../shared/protocol/work.ts';
import { openMailboxSignIn } from '../../../shared/statements/mailbox-sign-in.ts';
import type { Admission } from '../../guard/admission.ts';
import { TOKEN_SECONDS } from '../../guard/mailbox-tokens.ts';
import type { MailboxTokens, SignedIn } from '../../guard/mailbox-tokens.ts';

/** Registers challenge and session. */
export function registerMailboxSignIn(app: FastifyInstance, tokens: MailboxTokens, admission: Admission): void {
  app.post(MAILBOX_CHALLENGE_ROUTE, () => Promise.resolve({ challenge: toBase64Url(tokens.challenge()) }));

  app.post(MAILBOX_SESSION_ROUTE, async (request) => {
    const { statement } = parse(mailboxSessionRequest, request.body);
    await admission.admit(request.headers[WORK_HEADER], statement);
    const { challenge, mailbox } = await openMailboxSignIn(statement).catch((error: unknown) => {
      throw isProblem(error, 'signature-wrong') ? new Problem('mailbox-refused') : error;
    });
    if (!tokens.isGood(challenge)) throw new Problem('mailbox-refused');
    return { token: tokens.issue(mailbox), expiresIn: TOKEN_SECONDS };
  });
}

/** Who is there by the token of a request. Problem `mailbox-refused`. */
export function signedIn(tokens: MailboxTokens, { headers }: FastifyRequest): SignedIn {
  const token = /^Bearer ([A-Za-z0-9_-]{40,200})$/.exec(headers.authorization ?? '')?.[1];
  const who = token === undefined ? null : tokens.open(token);
  if (who === null) throw new Problem('mailbox-refused');
  return who;
}
