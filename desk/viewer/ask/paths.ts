/** The addresses of the desk's API, made in one place. */

export const START = '/api/start';

export function conversationsPath(after: string | null, search: string, unseen: boolean): string {
  const query = new URLSearchParams();
  if (after !== null) query.set('after', after);
  if (search !== '') query.set('search', search);
  if (unseen) query.set('unseen', '1');
  return `/api/conversations?${query.toString()}`;
}

export function conversationPath(id: string): string {
  return `/api/conversations/${encodeURIComponent(id)}`;
}

export function filesPath(parcel: string, after: number | null, search: string): string {
  const query = new URLSearchParams();
  if (after !== null) query.set('after', String(after));
  if (search !== '') query.set('search', search);
  return `/api/parcels/${parcel}/files?${query.toString()}`;
}

export function parcelPath(parcel: string, what: 'marks' | 'reply' | 'verify' | 'extract'): string {
  return `/api/parcels/${parcel}/${what}`;
}

export function jobPath(id: string): string {
  return `/api/jobs/${encodeURIComponent(id)}`;
}
