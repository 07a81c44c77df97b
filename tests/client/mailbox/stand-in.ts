/** The mailbox's addresses in a few lines, for faults that no server of ours would make: sign-in, look, replies. Not a test. */
import { toBase64Url } from '../../../shared/bytes/base64.ts';
import { toHex } from '../../../shared/bytes/hex.ts';
import { utf8Decode } from '../../../shared/bytes/utf8.ts';
import { PROBLEMS } from '../../../shared/problem/codes.ts';
import type { ProblemCode } from '../../../shared/problem/codes.ts';
import { isProblem, Problem } from '../../../shared/problem/problem.ts';
import { formatEnvelope } from '../../../shared/protocol/envelope.ts';
import type { MailboxAnswer } from '../../../shared/protocol/messages.ts';
import * as routes from '../../../shared/protocol/routes.ts';
import { openMailboxSignIn } from '../../../shared/statements/mailbox-sign-in.ts';
import { systemClock } from '../../../client/upload/clock.ts';
import { createGate } from '../../../client/upload/gate.ts';
import { createLaneCount } from '../../../client/upload/lane-count.ts';
import type { Link, Trouble } from '../../../client/upload/link.ts';
import { createSlices } from '../../../client/upload/slices.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../../client/upload/transport.ts';
import { random } from '../../kit/random-bytes.ts';
import type { WrittenReply } from '../../kit/write-reply.ts';

/** A reply as the stand-in has it. */
export interface HeldReply {
  /** The text of the envelope. */
  text: string;
  readonly parts: Uint8Array<ArrayBuffer>[];
}

export interface StandIn {
  readonly transport: Transport;
  readonly look: { -readonly [Name in keyof MailboxAnswer]: MailboxAnswer[Name] };
  readonly replies: Map<string, HeldReply>;
  /** `GET /api/…` of all requests that were let through to an answer. */
  readonly asked: string[];
  /** Mailbox keys (hex) by token. */
  readonly tokens: Map<string, string>;
  /** What to answer instead; null: nothing else. */
  fault: (request: HttpRequest) => HttpAnswer | null | 'none';
  /** Takes a reply up in its list and its store. */
  hold(reply: WrittenReply): HeldReply;
}

/** Empty at first. */
export function createStandIn(): StandIn {
  const challenges = new Set<string>();
  const standIn: StandIn = {
    look: { unfinished: [], sealed: [], replies: [], padding: '' },
    replies: new Map(),
    asked: [],
    tokens: new Map(),
    fault: () => null,
    hold({ opening, envelope, parts }) {
      standIn.look.replies = [...standIn.look.replies, envelope.opening];
      const held = { text: formatEnvelope(envelope), parts: [...parts] };
      standIn.replies.set(opening.parcel, held);
      return held;
    },
    async transport(request) {
      if (request.signal.aborted) return null;
      const instead = standIn.fault(request);
      if (instead === 'none') return null;
      if (instead !== null) return instead;
      standIn.asked.push(`${request.method} ${request.path}`);
      try {
        return await answer(request);
      } catch (error) {
        if (!isProblem(error)) throw error;
        return problemAnswer(error.code);
      }
    },
  };

  async function answer({ path, headers, body, method }: HttpRequest): Promise<HttpAnswer> {
    if (path === routes.MAILBOX_CHALLENGE_ROUTE) {
      const challenge = toBase64Url(random(32));
      challenges.add(challenge);
      return json({ challenge });
    }
    if (path === routes.MAILBOX_SESSION_ROUTE) {
      const { statement } = JSON.parse(utf8Decode(body as Uint8Array)) as { statement: string };
      const { challenge, mailbox } = await openMailboxSignIn(statement);
      if (!challenges.delete(toBase64Url(challenge))) throw new Problem('mailbox-refused');
      const token = toBase64Url(random(52));
      standIn.tokens.set(token, toHex(mailbox));
      return json({ token, expiresIn: 3600 });
    }
    if (!standIn.tokens.has((headers['authorization'] ?? '').replace('Bearer ', '')))
      throw new Problem('mailbox-refused');
    if (path === routes.MAILBOX_ROUTE) return json(standIn.look);
    const [, id, part] = /^\/api\/mailbox\/replies\/([0-9a-f]{32})(?:\/parts\/(\d+))?$/.exec(path) ?? [];
    const held = id === undefined ? undefined : standIn.replies.get(id);
    if (held === undefined || method !== 'GET') throw new Problem('parcel-unknown');
    if (part === undefined) return { status: 200, text: held.text, header: () => null };
    const bytes = held.parts[Number(part)];
    if (bytes === undefined) throw new Problem('parcel-unknown');
    return { status: 200, text: '', bytes: bytes.slice(), header: () => null };
  }
  return standIn;
}

function json(value: unknown): HttpAnswer {
  return { status: 200, text: JSON.stringify(value), header: () => null };
}

/** A problem as the server states it. */
export function problemAnswer(code: ProblemCode): HttpAnswer {
  return { ...json({ code, ...PROBLEMS[code] }), status: PROBLEMS[code].status };
}

/** A link over a transport whose waits are fifty times as short as in earnest. */
export function testLink(transport: Transport, onTrouble: (trouble: Trouble) => void = () => undefined): Link {
  const clock = {
    ...systemClock,
    sleep: (milliseconds: number, signal: AbortSignal) => systemClock.sleep(milliseconds / 50, signal),
  };
  const gate = createGate(clock);
  return {
    transport,
    clock,
    random,
    gate,
    slices: createSlices(),
    lanes: createLaneCount(),
    onTrouble,
    onWork: () => undefined,
  };
}
