/** The addresses of the API. A parcel's id is a capability: it stands in a path that is never logged. */

export const CARD_ROUTE = '/api/card';
export const PARCELS_ROUTE = '/api/parcels';
/** Where stock tus clients create a part; answers with its address. */
export const TUS_ROUTE = '/api/tus';
export const CHALLENGE_ROUTE = '/api/challenge';
export const SESSION_ROUTE = '/api/session';
/** The log of receipts, with the paths of c2sp.org/tlog-tiles below it. */
export const LOG_ROUTE = '/log';
export const LOG_CHECKPOINT_ROUTE = `${LOG_ROUTE}/checkpoint`;
export const LOG_TILES_ROUTE = `${LOG_ROUTE}/tile`;
/** Of the listener for the operator: is the process alive, should it be given requests, its figures. */
export const HEALTH_ROUTE = '/healthz';
export const READY_ROUTE = '/readyz';
export const METRICS_ROUTE = '/metrics';
export const STATUS_ROUTE = '/api/status';
/** What a codename opens: everything below it, and the ledger, needs the mailbox's token. */
export const MAILBOX_ROUTE = '/api/mailbox';
export const MAILBOX_CHALLENGE_ROUTE = `${MAILBOX_ROUTE}/challenge`;
export const MAILBOX_SESSION_ROUTE = `${MAILBOX_ROUTE}/session`;
export const MAILBOX_FORGET_ROUTE = `${MAILBOX_ROUTE}/forget`;
/** Replies as couriers bring them. */
export const REPLIES_ROUTE = '/api/replies';

/** `parcel` is 32 lower-case hex digits. */
export const parcelRoute = (parcel: string): string => `${PARCELS_ROUTE}/${parcel}`;
/** `part` is a number from 0, in decimal without leading zeros. */
export const partRoute = (parcel: string, part: number): string => `${parcelRoute(parcel)}/parts/${part}`;
export const sealRoute = (parcel: string): string => `${parcelRoute(parcel)}/seal`;
export const envelopeRoute = (parcel: string): string => `${parcelRoute(parcel)}/envelope`;

/** What a mailbox may ask about a parcel of its own, by POST: take it up again, withdraw it, dismiss its receipt. */
export const claimRoute = (parcel: string): string => `${MAILBOX_ROUTE}/parcels/${parcel}/claim`;
export const withdrawRoute = (parcel: string): string => `${MAILBOX_ROUTE}/parcels/${parcel}/withdraw`;
export const dismissRoute = (parcel: string): string => `${MAILBOX_ROUTE}/parcels/${parcel}/dismiss`;
/** Finished parts of a parcel, by GET: statements and progress records. */
export const finishedRoute = (parcel: string): string => `${MAILBOX_ROUTE}/parcels/${parcel}/parts`;
/** A page of the ledger's head; `page` is a number from 0. */
export const ledgerRoute = (parcel: string, page: number): string =>
  `${MAILBOX_ROUTE}/parcels/${parcel}/ledger/${page}`;
/** A reply as its addressee gets it. */
export const mailboxReplyRoute = (reply: string): string => `${MAILBOX_ROUTE}/replies/${reply}`;
export const mailboxReplyPartRoute = (reply: string, part: number): string =>
  `${mailboxReplyRoute(reply)}/parts/${part}`;
export const deleteReplyRoute = (reply: string): string => `${mailboxReplyRoute(reply)}/delete`;
/** A reply as couriers bring it: state, tus parts, seal. */
export const replyRoute = (reply: string): string => `${REPLIES_ROUTE}/${reply}`;
export const replyPartRoute = (reply: string, part: number): string => `${replyRoute(reply)}/parts/${part}`;
export const replySealRoute = (reply: string): string => `${replyRoute(reply)}/seal`;
/** Staff's word, by POST, that they have all of a sealed parcel; and that it is to be deleted. */
export const collectedRoute = (parcel: string): string => `${parcelRoute(parcel)}/collected`;
export const deleteRoute = (parcel: string): string => `${parcelRoute(parcel)}/delete`;
