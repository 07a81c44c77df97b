/**
 * Sign-in to mailboxes without anything being kept: challenges and tokens that this instance knows again by a keyed hash.
 * So an unknown mailbox is signed in to exactly like a full one, and that somebody did leaves no trace.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { concat } from '../../shared/bytes/concat.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';

/** Who a token says is there. */
export interface SignedIn {
  /** Public key of the mailbox. */
  readonly mailbox: Uint8Array;
  /** Eight random bytes that tell this sign-in from every other to the same mailbox. */
  readonly session: Uint8Array;
}

export interface MailboxTokens {
  /** A fresh challenge of 32 bytes. */
  challenge(): Uint8Array;
  /** True for a challenge of this instance that is not too old. It may be answered more than once. */
  isGood(challenge: Uint8Array): boolean;
  issue(mailbox: Uint8Array): string;
  /** Null for anything that is not a token of this instance, or no longer. */
  open(token: string): SignedIn | null;
}

export const TOKEN_SECONDS = 3600;
/** A challenge is good in the window in which it was given and in the next one: for two to four minutes. */
const WINDOW_MS = 120_000;
const MINUTE_MS = 60_000;
const MAC = 16;
const TOKEN = 32 + 4 + 8 + MAC;

/** Challenges and tokens under `secret`. */
export function createMailboxTokens(secret: Uint8Array, random: Random, now: () => Date): MailboxTokens {
  const mac = (purpose: string, ...pieces: readonly Uint8Array[]): Uint8Array =>
    createHmac('sha256', secret)
      .update(concat(utf8Encode(purpose), ...pieces))
      .digest()
      .subarray(0, MAC);
  const window = (): number => Math.floor(now().getTime() / WINDOW_MS);
  const minute = (): number => Math.floor(now().getTime() / MINUTE_MS);

  return {
    challenge() {
      const fresh = random(16);
      return concat(fresh, mac('challenge', fresh, number(window())));
    },
    isGood(challenge) {
      const [fresh, given] = [challenge.subarray(0, 16), challenge.subarray(16)];
      const [same, last] = [0, 1].map((ago) => isSame(mac('challenge', fresh, number(window() - ago)), given));
      return same === true || last === true;
    },
    issue(mailbox) {
      const body = concat(mailbox, number(minute() + TOKEN_SECONDS / 60 + 1), random(8));
      return toBase64Url(concat(body, mac('token', body)));
    },
    open(token) {
      const bytes = read(token);
      if (bytes === null) return null;
      const body = bytes.subarray(0, TOKEN - MAC);
      if (!isSame(mac('token', body), bytes.subarray(TOKEN - MAC))) return null;
      if (new DataView(body.buffer, body.byteOffset).getUint32(32) <= minute()) return null;
      return { mailbox: body.slice(0, 32), session: body.slice(36) };
    },
  };
}

function read(token: string): Uint8Array | null {
  try {
    return fromBase64Url(token, TOKEN);
  } catch {
    return null;
  }
}

function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function isSame(ours: Uint8Array, given: Uint8Array): boolean {
  return ours.length === given.length && timingSafeEqual(ours, given);
}
