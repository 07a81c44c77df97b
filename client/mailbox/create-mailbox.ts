/** The mailbox over HTTP: docs/protocol.md, "Mailbox". What can be verified is, before anybody sees it. */
import { equalBytes } from '../../shared/bytes/equal.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import { isProblem, Problem } from '../../shared/problem/problem.ts';
import { MAX_LEDGER_PAGE_BYTES } from '../../shared/protocol/limits.ts';
import { claimAnswer, finishedParts, mailboxAnswer } from '../../shared/protocol/messages.ts';
import * as routes from '../../shared/protocol/routes.ts';
import type { Card } from '../../shared/statements/card.ts';
import { openedParts } from '../../shared/statements/opening.ts';
import { ask, valueOf } from '../upload/ask-server.ts';
import type { Asking } from '../upload/ask-server.ts';
import { createExchanges } from '../upload/link.ts';
import type { Exchange, Link } from '../upload/link.ts';
import { sealParcel } from '../upload/seal-parcel.ts';
import type { HttpAnswer } from '../upload/transport.ts';
import { verifyFinished } from './verify-finished.ts';
import { verifyLook } from './verify-look.ts';
import type { FinishedPart, Mailbox } from './mailbox.ts';
import { createSignIn } from './sign-in.ts';

export interface MailboxInput {
  /** The codename's mailbox key. */
  readonly key: SigningKey;
  /** The current card: its reply key must have signed every reply, its receipt key every receipt. */
  readonly card: Card;
  readonly link: Link;
  /** The exchanges of a submission over the same link, so that both are counted together; its own when left out. */
  readonly exchange?: () => Exchange;
}

type Call<Value> = Omit<Asking<Value>, 'headers' | 'body'> & Partial<Pick<Asking<Value>, 'headers' | 'body'>>;

const JSON_TYPE = { 'content-type': 'application/json' } as const;
const BYTES_TYPE = { 'content-type': 'application/octet-stream' } as const;
const NOTHING = utf8Encode('{}');

/** Nothing is asked before the first call. */
export function createMailbox({ key, card, link, exchange = createExchanges(link) }: MailboxInput): Mailbox {
  const signIn = createSignIn(link, exchange, key);

  function call<Value>({ headers = {}, body = null, ...rest }: Call<Value>): Promise<Value> {
    return signIn.withToken((token) =>
      ask(link, exchange(), { ...rest, body, headers: { ...headers, authorization: `Bearer ${token}` } }),
    );
  }

  async function order(path: string): Promise<void> {
    await call({ method: 'POST', path, headers: JSON_TYPE, body: NOTHING, read: done });
  }

  /** An order after which something is not there any more: that it is not there is no failure. */
  async function remove(path: string): Promise<void> {
    try {
      await order(path);
    } catch (error) {
      if (!isProblem(error, 'parcel-unknown')) throw error;
    }
  }

  async function finishedOf(parcel: string): Promise<FinishedPart[]> {
    const all: FinishedPart[] = [];
    for (let after = -1; ;) {
      const path = routes.finishedRoute(parcel) + (after < 0 ? '' : `?after=${after}`);
      const read = ({ text }: HttpAnswer) => valueOf(finishedParts, text);
      const { parts, next } = await call({ method: 'GET', path, read });
      const last = all.at(-1)?.statement.part ?? -1;
      all.push(...(await verifyFinished(parts, { parcel, key: key.publicKey, after: last })));
      if (next === null) return all;
      // A list that does not get on would never end.
      if (next <= after) throw new Problem('statement-mismatch');
      after = next;
    }
  }

  return {
    async look() {
      const read = ({ text }: HttpAnswer) => valueOf(mailboxAnswer, text);
      const answer = await call({ method: 'GET', path: routes.MAILBOX_ROUTE, read });
      return verifyLook(answer, { mailbox: key.publicKey, card });
    },
    forget: () => order(routes.MAILBOX_FORGET_ROUTE),
    withdraw: (parcel) => remove(routes.withdrawRoute(parcel)),
    dismiss: (parcel) => remove(routes.dismissRoute(parcel)),
    deleteReply: (reply) => remove(routes.deleteReplyRoute(reply)),
    async claim(parcel, writer) {
      const body = utf8Encode(JSON.stringify({ writer }));
      const read = ({ text }: HttpAnswer) => (valueOf(claimAnswer, text)?.writer === writer ? true : null);
      await call({ method: 'POST', path: routes.claimRoute(parcel), headers: JSON_TYPE, body, read });
    },
    async putLedgerPage(parcel, page, bytes) {
      const path = routes.ledgerRoute(parcel, page);
      await call({ method: 'POST', path, headers: BYTES_TYPE, body: bytes, read: done, final: ['storage-full'] });
    },
    async ledgerPage(parcel, page) {
      const path = routes.ledgerRoute(parcel, page);
      const most = MAX_LEDGER_PAGE_BYTES;
      const { bytes } = await call({ method: 'GET', path, binary: true, most, read: (answer) => answer });
      if (bytes === undefined) throw new Problem('ledger-damaged');
      return bytes;
    },
    finishedParts: finishedOf,
    async seal({ parcel, opening }) {
      const { partSize } = opening;
      try {
        const statements = (await finishedOf(parcel)).map(({ statement }) => statement);
        const whole = statements.length === openedParts(opening) && statements.every(({ part }, i) => part === i);
        if (!whole) throw new Problem('parts-missing');
        const hashes = statements.map(({ sha256: hash }) => fromHex(hash, 32));
        await sealParcel(link, exchange(), { parcel, partSize, hashes, mailbox: key, card });
      } catch (error) {
        // The seal had arrived, and only its answer was lost; or another browser of the same codename was faster.
        if (!isProblem(error, 'parcel-sealed')) throw error;
      }
    },
    replyEnvelope: (reply, signal) =>
      call({ method: 'GET', path: routes.mailboxReplyRoute(reply), signal, read: ({ text }) => text }),
    async replyPart(reply, part, { size, sha256: expected }, signal) {
      const path = routes.mailboxReplyPartRoute(reply, part);
      const { bytes } = await call({ method: 'GET', path, binary: true, most: size, signal, read: (answer) => answer });
      if (bytes?.length !== size || !equalBytes(await sha256(bytes), fromHex(expected, 32)))
        throw new Problem('part-damaged', { part });
      return bytes;
    },
  };
}

/** Of a deed the server says no more than that it is done. */
function done({ status }: HttpAnswer): true | null {
  return status === 204 ? true : null;
}
