/** Trades the one-time token of the printed address for a cookie that scripts cannot read, and takes the token out of the address. */
import { send } from './requests.ts';

/** On a reload there is no token any more, and the cookie stands. Throws `Refused` where the token has been used. */
export async function openSession(): Promise<void> {
  const token = location.hash.slice(1);
  if (token === '') return;
  // Before anything else: an address with a token must not stay in the history.
  history.replaceState(null, '', location.pathname);
  await send('/api/session', { token });
}
