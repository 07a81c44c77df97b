/** Who may do what: one row for each method at each address, with the status that each role gets. Closed: a route without a row fails the test. */
/** Everybody who may come to a listener. A role brings its token where it has one, and signs by its own key. */
export const ROLES = ['nobody', 'source', 'another source', 'courier', 'removed courier'] as const;
export type Role = (typeof ROLES)[number];

/** Which parcel of the source stands in the address: one that is sealed, one that is not, or a reply to her. */
export type Subject = 'sealed' | 'unsealed' | 'reply';

/** What is sent along. */
export type Content =
  | 'opening'
  | 'seal'
  | 'part'
  | 'statement'
  | 'rest'
  | 'mailbox sign-in'
  | 'claim'
  | 'page'
  | 'staff sign-in'
  | 'card'
  | 'reply opening'
  | 'reply part'
  | 'reply rest'
  | 'reply seal'
  | 'tus';

export interface Row {
  /** `GET` stands for `HEAD` too. */
  readonly method: string;
  /** As it is registered. */
  readonly path: string;
  /** In the order of ROLES. */
  readonly answers: readonly [number, number, number, number, number];
  readonly subject?: Subject;
  readonly content?: Content;
}

/** The same for whoever asks: what an address leads to is a capability, or public. */
const all = (status: number) => [status, status, status, status, status] as const;
/** Only she whose key signs, or whose codename it is; the others are told `status`. */
const own = (good: number, status: number, stranger = status) => [status, good, stranger, status, status] as const;
/** Only couriers that are enrolled. */
const staff = (status: number) => [401, 401, 401, status, 401] as const;

const mailbox = (status: number, stranger: number) => own(status, 401, stranger);
const PARCEL = '/api/parcels/:parcel';
const OWN = '/api/mailbox/parcels/:parcel';
const OWN_REPLY = '/api/mailbox/replies/:reply';
const TILE = '/log/tile/:level';
const REPLY = '/api/replies/:parcel';

export const SOURCE: readonly Row[] = [
  { method: 'GET', path: '/api/card', answers: all(200) },
  { method: 'GET', path: '/log/checkpoint', answers: all(200) },
  { method: 'GET', path: `${TILE}/:first`, answers: all(200) },
  { method: 'GET', path: `${TILE}/:first/:second`, answers: all(404) },
  { method: 'GET', path: `${TILE}/:first/:second/:third`, answers: all(404) },
  { method: 'POST', path: '/api/parcels', content: 'opening', subject: 'unsealed', answers: own(200, 409) },
  { method: 'GET', path: PARCEL, subject: 'unsealed', answers: all(200) },
  { method: 'GET', path: PARCEL, subject: 'sealed', answers: all(409) },
  { method: 'GET', path: PARCEL, subject: 'reply', answers: all(404) },
  { method: 'POST', path: `${PARCEL}/seal`, content: 'seal', subject: 'sealed', answers: own(200, 422) },
  { method: 'OPTIONS', path: `${PARCEL}/parts/:part`, content: 'tus', subject: 'unsealed', answers: all(204) },
  { method: 'POST', path: `${PARCEL}/parts/:part`, content: 'part', subject: 'unsealed', answers: own(201, 422) },
  { method: 'POST', path: `${PARCEL}/parts/:part`, content: 'part', subject: 'sealed', answers: all(409) },
  { method: 'HEAD', path: `${PARCEL}/parts/:part`, content: 'tus', subject: 'unsealed', answers: all(200) },
  { method: 'HEAD', path: `${PARCEL}/parts/:part`, content: 'tus', subject: 'sealed', answers: all(409) },
  { method: 'HEAD', path: `${PARCEL}/parts/:part`, content: 'tus', subject: 'reply', answers: all(404) },
  { method: 'PATCH', path: `${PARCEL}/parts/:part`, content: 'rest', subject: 'unsealed', answers: all(204) },
  { method: 'PATCH', path: `${PARCEL}/parts/:part`, content: 'rest', subject: 'reply', answers: all(404) },
  { method: 'OPTIONS', path: '/api/tus', content: 'tus', answers: all(204) },
  { method: 'POST', path: '/api/tus', content: 'statement', subject: 'unsealed', answers: own(201, 422) },
  { method: 'GET', path: '/api/mailbox', answers: mailbox(200, 200) },
  { method: 'POST', path: '/api/mailbox/challenge', answers: all(200) },
  { method: 'POST', path: '/api/mailbox/session', content: 'mailbox sign-in', answers: all(200) },
  { method: 'POST', path: '/api/mailbox/forget', answers: mailbox(204, 204) },
  { method: 'POST', path: `${OWN}/claim`, content: 'claim', subject: 'unsealed', answers: mailbox(200, 404) },
  { method: 'POST', path: `${OWN}/claim`, content: 'claim', subject: 'sealed', answers: mailbox(409, 404) },
  { method: 'GET', path: `${OWN}/parts`, subject: 'unsealed', answers: mailbox(200, 404) },
  { method: 'POST', path: `${OWN}/ledger/:page`, content: 'page', subject: 'unsealed', answers: mailbox(204, 404) },
  { method: 'GET', path: `${OWN}/ledger/:page`, subject: 'unsealed', answers: mailbox(200, 404) },
  { method: 'POST', path: `${OWN}/withdraw`, subject: 'unsealed', answers: mailbox(204, 404) },
  { method: 'POST', path: `${OWN}/withdraw`, subject: 'reply', answers: mailbox(404, 404) },
  { method: 'POST', path: `${OWN}/dismiss`, subject: 'sealed', answers: mailbox(204, 404) },
  { method: 'GET', path: OWN_REPLY, subject: 'reply', answers: mailbox(200, 404) },
  { method: 'GET', path: OWN_REPLY, subject: 'sealed', answers: mailbox(404, 404) },
  { method: 'GET', path: `${OWN_REPLY}/parts/:part`, subject: 'reply', answers: mailbox(200, 404) },
  { method: 'POST', path: `${OWN_REPLY}/delete`, subject: 'reply', answers: mailbox(204, 404) },
];

export const STAFF: readonly Row[] = [
  { method: 'POST', path: '/api/challenge', answers: all(200) },
  { method: 'POST', path: '/api/session', content: 'staff sign-in', answers: staff(200) },
  { method: 'GET', path: '/api/card', answers: staff(200) },
  { method: 'GET', path: '/log/checkpoint', answers: staff(200) },
  { method: 'GET', path: `${TILE}/:first`, answers: staff(200) },
  { method: 'GET', path: `${TILE}/:first/:second`, answers: staff(404) },
  { method: 'GET', path: `${TILE}/:first/:second/:third`, answers: staff(404) },
  { method: 'POST', path: '/api/card', content: 'card', answers: staff(204) },
  { method: 'GET', path: '/api/status', answers: staff(200) },
  { method: 'GET', path: '/api/parcels', answers: staff(200) },
  { method: 'GET', path: `${PARCEL}/envelope`, subject: 'sealed', answers: staff(200) },
  { method: 'GET', path: `${PARCEL}/envelope`, subject: 'reply', answers: staff(404) },
  { method: 'GET', path: `${PARCEL}/parts/:part`, subject: 'sealed', answers: staff(200) },
  { method: 'POST', path: `${PARCEL}/collected`, subject: 'sealed', answers: staff(204) },
  { method: 'POST', path: `${PARCEL}/collected`, subject: 'unsealed', answers: staff(409) },
  { method: 'POST', path: `${PARCEL}/delete`, subject: 'sealed', answers: staff(204) },
  { method: 'POST', path: '/api/replies', content: 'reply opening', subject: 'reply', answers: staff(200) },
  { method: 'GET', path: REPLY, subject: 'reply', answers: staff(200) },
  { method: 'GET', path: REPLY, subject: 'sealed', answers: staff(404) },
  { method: 'POST', path: `${REPLY}/seal`, content: 'reply seal', subject: 'reply', answers: staff(200) },
  { method: 'OPTIONS', path: `${REPLY}/parts/:part`, content: 'tus', subject: 'reply', answers: staff(204) },
  { method: 'POST', path: `${REPLY}/parts/:part`, content: 'reply part', subject: 'reply', answers: staff(201) },
  { method: 'HEAD', path: `${REPLY}/parts/:part`, content: 'tus', subject: 'reply', answers: staff(200) },
  { method: 'HEAD', path: `${REPLY}/parts/:part`, content: 'tus', subject: 'unsealed', answers: staff(404) },
  { method: 'PATCH', path: `${REPLY}/parts/:part`, content: 'reply rest', subject: 'reply', answers: staff(204) },
];

export const OPS: readonly Row[] = [
  { method: 'GET', path: '/healthz', answers: all(200) },
  { method: 'GET', path: '/readyz', answers: all(200) },
  { method: 'GET', path: '/metrics', answers: all(200) },
];
