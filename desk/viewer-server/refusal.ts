/** Why a request of the page is refused, in words that the page can show. */
import type { Failure } from '../failure.ts';
import { failureText } from '../text.ts';
import type { Refusal } from '../viewer/api.ts';

/** Thrown where a request cannot be answered; carries the HTTP status beside the words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly refusal: Refusal;

  constructor(status: number, refusal: Refusal) {
    super(refusal.code);
    this.status = status;
    this.refusal = refusal;
  }
}

const SENTENCES = {
  'not-entered': [401, 'this page has no access; start the viewer again and open the address that it prints'],
  'not-from-page': [403, 'this request does not come from the page of the viewer'],
  'token-used': [403, 'this address was used before, or is not the one that was printed'],
  'not-found': [404, 'there is nothing at this place'],
  method: [405, 'this cannot be done here'],
  host: [421, 'this is not the name of this listener'],
  'part-missing': [404, 'this part of the file is not here, or is not what its source signed'],
  'body-long': [413, 'that is too long'],
  'body-type': [415, 'that is not JSON'],
  'body-form': [422, 'that is not what can be asked here'],
  busy: [503, 'there is too much to do at once; try again'],
  internal: [500, 'a mistake in this program; the terminal says more'],
} as const;

/** A refusal of the server's own. */
export function refuse(code: keyof typeof SENTENCES): Refused {
  const [status, sentence] = SENTENCES[code];
  return new Refused(status, { code, sentence, hint: null });
}

/** A Failure of the desk as the page is told of it. */
export function refusalOf(failure: Failure): Refusal {
  return { code: failure.code, ...failureText(failure, undefined) };
}
