/** One sentence for a source for each problem code: what it means for her, and what she can do. */
import type { ProblemCode } from '../../shared/problem/codes.ts';

const DAMAGED = 'Something was damaged on the way. What has arrived is kept; please try again.';
const STAFF =
  'This message is meant for the staff of the organisation, and should not show here. Please try again later.';

export const enProblems = {
  'problem.age-header-damaged': DAMAGED,
  'problem.age-payload-damaged': DAMAGED,
  'problem.bad-request':
    'The server did not understand this page. Reload it, so that you have the newest one, and try again.',
  'problem.bag-damaged': DAMAGED,
  'problem.card-expired':
    'The key of the organisation is not valid today. Check the clock of this computer; if it is right, come back in a few days.',
  'problem.card-missing': 'The organisation has not set up its key here yet. This page asks again by itself.',
  'problem.card-outdated':
    'The organisation changed its key while you were here. Go back and send again: the new key is used then.',
  'problem.card-untrusted':
    'The key that this server shows was not signed by the organisation. Do not send anything here, and tell them in another way.',
  'problem.challenge-unknown': STAFF,
  'problem.codename-invalid': 'This is not a codename of seven words from the list.',
  'problem.database-away': 'The server cannot work right now. What has arrived is kept, and it goes on by itself.',
  'problem.encoding-invalid': DAMAGED,
  'problem.envelope-invalid': STAFF,
  'problem.file-changed': 'This file was changed while it was being sent.',
  'problem.file-unreadable': 'This file can no longer be read.',
  'problem.identity-invalid': STAFF,
  'problem.internal': 'The server has a fault. What has arrived is kept.',
  'problem.limit-exceeded': 'This is more than the organisation can take in at once. Send less, in several parcels.',
  'problem.media-type-unsupported':
    'The server did not understand this page. Reload it, so that you have the newest one, and try again.',
  'problem.ledger-damaged':
    'The record of what you were sending is damaged, so it cannot be gone on with. What arrived whole stays readable for the organisation. Send the rest as a new parcel.',
  'problem.mailbox-refused': 'The sign-in with your codename has run out. Enter it once more.',
  'problem.not-found': 'The server does not know this address. Reload the page, so that you have the newest one.',
  'problem.note-invalid':
    'What the server showed is not a key of the organisation. Do not send anything here, and try again later.',
  'problem.offset-conflict': 'The server and this page count differently. Nothing is lost; please try again.',
  'problem.parcel-collected': 'The organisation has collected this already, so it can no longer be taken back here.',
  'problem.parcel-damaged': DAMAGED,
  'problem.parcel-differs': 'The server has another parcel of this number. Go back and send again.',
  'problem.parcel-sealed': 'This parcel is closed already; nothing can be added to it.',
  'problem.parcel-unknown': 'The server no longer has this parcel. Go back and send again.',
  'problem.part-damaged': DAMAGED,
  'problem.part-finished': 'This piece has arrived already. Please try again.',
  'problem.parts-missing': 'Some pieces are not there yet. Please try again.',
  'problem.path-unsafe': 'The name of a file cannot be sent. Rename the file and choose it again.',
  'problem.quota-reached':
    'The organisation keeps only so much at once, and this would be more. What has arrived is kept. Send less, or come back in some days.',
  'problem.range-unsatisfiable': STAFF,
  'problem.recipient-invalid':
    'The key of the organisation is of a kind that this page does not know. Reload the page and try again.',
  'problem.reply-refused':
    'This reply was not made by the organisation for you, or it was changed on the way. It is not shown.',
  'problem.seal-differs': DAMAGED,
  'problem.server-busy':
    'The server has very much to do right now. What has arrived is kept, and this page tries again by itself.',
  'problem.sign-in-refused': STAFF,
  'problem.signature-wrong':
    'The receipt or key that the server showed was not signed by the right hand. Do not trust it, and try again later.',
  'problem.statement-mismatch': DAMAGED,
  'problem.storage-away': 'The server cannot work right now. What has arrived is kept, and it goes on by itself.',
  'problem.storage-full':
    'The server has no room for this parcel right now. Nothing was sent. Come back in a day or two, or send less.',
  'problem.tar-damaged': DAMAGED,
  'problem.tar-entry-refused': DAMAGED,
  'problem.tar-too-large': DAMAGED,
  'problem.tar-too-many-files': 'These are more files than one parcel can hold. Send them in several parcels.',
  'problem.tus-version-unsupported':
    'The server did not understand this page. Reload it, so that you have the newest one, and try again.',
  'problem.work-required':
    'Very many want in at the same time. This computer has to work for its place; this page sees to that by itself.',
  'problem.writer-replaced':
    'Sending has been taken up in another window or on another computer with the same codename. It goes on there; this page has stopped. If that was not you, somebody else has your seven words.',
} as const satisfies Record<`problem.${ProblemCode}`, string>;
