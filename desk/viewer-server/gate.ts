/** Who may ask the page's listener: the browser that was given the token, from the page itself, under the exact name of this listener. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import type { Random } from '../../shared/bytes/random.ts';

/** The headers that are looked at, as Node gives them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** 256 bits, for the token and for the session. */
const SECRET_SIZE = 32;
const COOKIE = 'postern';

export interface Gate {
  /** Takes the token once; the value of Set-Cookie, or null when it is not the token, or was used before. */
  enter(token: string): string | null;
  /** True for a request that carries the session. */
  isIn(headers: Headers): boolean;
}

/** `secret` draws the session; `token` opens the gate once and never again. */
export function createGate(token: string, random: Random): Gate {
  let used = false;
  let session: string | null = null;
  return {
    enter(given) {
      if (used || !sameText(given, token)) return null;
      used = true;
      session = newSecret(random);
      return `${COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/`;
    },
    isIn(headers) {
      return session !== null && sameText(cookieOf(headers), session);
    },
  };
}

/** A fresh secret as text that fits a fragment and a cookie. */
export function newSecret(random: Random): string {
  return toBase64Url(random(SECRET_SIZE));
}

/** True when the request is for this listener by its own name: any other is one that a foreign site had pointed here. */
export function isForHost(headers: Headers, host: string): boolean {
  return headers['host'] === host;
}

/**
 * True when a request for the API comes from the page: by what the browser says of where it comes from, and for one that changes something
 * also by a header that no form and no foreign page can send without asking first, which is never answered.
 */
export function isFromPage(headers: Headers, origin: string, changes: boolean): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== 'same-origin') return false;
  if (headers['origin'] !== undefined && headers['origin'] !== origin) return false;
  if (!changes) return true;
  return headers['origin'] === origin && headers['x-postern'] === '1';
}

/** The cookie's value; empty when there is none, or more than one. */
function cookieOf(headers: Headers): string {
  const text = headers['cookie'];
  if (typeof text !== 'string') return '';
  const values = text.split(';').flatMap((pair) => {
    const [name, value] = pair.trim().split('=', 2);
    return name === COOKIE && value !== undefined ? [value] : [];
  });
  return values.length === 1 ? values[0]! : '';
}

/** Compared by their hashes, in a time that says nothing of where they differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
