/** The closed table of problem codes: what each is called on the wire, its HTTP status and its sentence. */

export const PROBLEMS = {
  'age-header-damaged': { status: 422, title: 'The header of this encrypted part is damaged.' },
  'age-payload-damaged': { status: 422, title: 'This encrypted part is damaged: it does not decrypt.' },
  'bad-request': { status: 400, title: 'The request is not one that this server understands.' },
  'bag-damaged': { status: 422, title: 'The bag inside this parcel is not well formed.' },
  'card-expired': { status: 422, title: 'The key card of the organisation is not valid on this day.' },
  'card-missing': { status: 503, title: 'The organisation has not installed its key card yet.' },
  'card-outdated': {
    status: 409,
    title: 'The organisation has a newer key card than the one this parcel was made for.',
  },
  'card-untrusted': { status: 422, title: 'The key card was not signed by this organisation.' },
  'challenge-unknown': { status: 401, title: 'The sign-in took too long or was used already; sign in again.' },
  'codename-invalid': { status: 422, title: 'This is not a codename of seven words from the list.' },
  'database-away': { status: 503, title: 'The server cannot reach its database right now; nothing is lost.' },
  'encoding-invalid': { status: 400, title: 'A value is not encoded the way it must be.' },
  'envelope-invalid': { status: 422, title: 'The envelope of this parcel is not well formed.' },
  'file-changed': { status: 422, title: 'A file changed while it was being sent.' },
  'file-unreadable': { status: 422, title: 'A file cannot be read any more.' },
  'identity-invalid': { status: 422, title: 'This is not an age identity of a kind that is supported.' },
  internal: { status: 500, title: 'Something went wrong on the server; nothing that was acknowledged is lost.' },
  'limit-exceeded': { status: 413, title: 'This is larger than what is allowed.' },
  'media-type-unsupported': { status: 415, title: 'The request is of a type that is not taken here.' },
  'ledger-damaged': { status: 422, title: 'The record of this unfinished submission is damaged or incomplete.' },
  'mailbox-refused': {
    status: 401,
    title: 'The sign-in to this mailbox has run out or was not signed rightly; sign in again.',
  },
  'not-found': { status: 404, title: 'There is nothing at this address.' },
  'note-invalid': { status: 422, title: 'A signed statement is not well formed.' },
  'offset-conflict': {
    status: 409,
    title: 'The server has another number of bytes of this part; ask for the offset and go on from there.',
  },
  'parcel-collected': { status: 409, title: 'The organisation has collected this parcel already.' },
  'parcel-damaged': { status: 422, title: 'The parcel is damaged.' },
  'parcel-differs': { status: 409, title: 'There is another parcel of this number already.' },
  'parcel-sealed': { status: 409, title: 'This parcel is sealed; nothing can be added to it.' },
  'parcel-unknown': { status: 404, title: 'The server does not know this parcel.' },
  'part-damaged': { status: 422, title: 'The bytes of this part are not those its statement speaks of.' },
  'part-finished': { status: 409, title: 'This part is here already, whole.' },
  'parts-missing': { status: 409, title: 'Some parts of this parcel are not here yet.' },
  'path-unsafe': { status: 422, title: 'A file name in the parcel leads outside of it.' },
  'quota-reached': { status: 507, title: 'This is more than the server may keep.' },
  'range-unsatisfiable': { status: 416, title: 'The part has no bytes in the range that was asked for.' },
  'recipient-invalid': { status: 422, title: 'This is not an age recipient of a kind that is supported.' },
  'reply-refused': { status: 422, title: 'This reply was not made by the organisation for this mailbox.' },
  'seal-differs': { status: 422, title: 'The seal does not match the parts of this parcel.' },
  'signature-wrong': { status: 422, title: 'The signature under a statement is not from the key it must be from.' },
  'server-busy': {
    status: 503,
    title: 'The server has as much to do as it can; nothing is lost, try again in a moment.',
  },
  'sign-in-refused': { status: 401, title: 'This key is not enrolled here, or the sign-in has run out.' },
  'statement-mismatch': { status: 422, title: 'A statement speaks of another parcel, part or key.' },
  'storage-away': { status: 503, title: 'The server cannot reach its storage right now; nothing is lost.' },
  'storage-full': { status: 507, title: 'The server has no room for this parcel.' },
  'tar-damaged': { status: 422, title: 'The archive inside this parcel is not well formed.' },
  'tar-entry-refused': { status: 422, title: 'The archive holds something other than a plain file.' },
  'tar-too-many-files': { status: 422, title: 'The archive holds more files than a parcel may.' },
  'tar-too-large': { status: 422, title: 'A file in the archive claims to be larger than the parcel.' },
  'tus-version-unsupported': { status: 412, title: 'Uploads are taken by version 1.0.0 of the tus protocol.' },
  'work-required': {
    status: 429,
    title: 'The server is in great demand: a proof of work must come with this request.',
  },
  'writer-replaced': { status: 409, title: 'This submission is being continued in another place.' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

/** One of the codes of the table. */
export type ProblemCode = keyof typeof PROBLEMS;

/** True for a code of the table: what another machine says may be any text. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
