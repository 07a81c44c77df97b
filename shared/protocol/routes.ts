/** The addresses of the API. A parcel's id is a capability: it stands in a path that is never logged. */

export const CARD_ROUTE = '/api/card';
export const PARCELS_ROUTE = '/api/parcels';
/** Where stock tus clients create a part; answers with its address. */
export const TUS_ROUTE = '/api/tus';
export const CHALLENGE_ROUTE = '/api/challenge';
export const SESSION_ROUTE = '/api/session';
export const READY_ROUTE = '/ready';

/** `parcel` is 32 lower-case hex digits. */
export const parcelRoute = (parcel: string): string => `${PARCELS_ROUTE}/${parcel}`;
/** `part` is a number from 0, in decimal without leading zeros. */
export const partRoute = (parcel: string, part: number): string => `${parcelRoute(parcel)}/parts/${part}`;
export const sealRoute = (parcel: string): string => `${parcelRoute(parcel)}/seal`;
export const envelopeRoute = (parcel: string): string => `${parcelRoute(parcel)}/envelope`;
