/** The sentences for what stops a command and for what is found about a parcel: the two closed tables of the desk. */
import { MEDIUM_FAILURES } from './case/medium-failures.ts';
import { CEREMONY_FAILURES } from './ceremony-failures.ts';
import { OUTSIDE_FAILURES } from './outside/outside-failures.ts';
import { LOG_FINDINGS } from './log-findings.ts';
import { PROOF_FAILURES } from './proof/proof-failures.ts';

/** A sentence, and what to do about it. */
export interface Text {
  readonly sentence: string;
  readonly hint: string | null;
}

/** `{name}` stands for a value of the failure. */
export const FAILURES = {
  ...OUTSIDE_FAILURES,
  ...CEREMONY_FAILURES,
  ...MEDIUM_FAILURES,
  ...PROOF_FAILURES,
  'answer-beginning': {
    sentence:
      '{parcel} cannot be answered: its first part, in which stands to whom a reply is to be encrypted, is not here as the source signed it',
    hint: 'desk verify BUNDLE --keys DIR --parcel {parcel} tells what is wrong with it',
  },
  'answer-not-for-us': {
    sentence: '{parcel} cannot be answered: it is encrypted to other keys than these',
    hint: null,
  },
  'answer-recipient': {
    sentence: '{parcel} cannot be answered: its source has named nothing that a reply could be encrypted to',
    hint: null,
  },
  'answer-sender': {
    sentence:
      '{parcel} cannot be answered: inside, it names another parcel or sender than the one who signed, so whose mailbox it is cannot be proved',
    hint: 'somebody on the way may have put signatures of their own in place of those of the source',
  },
  'answer-unsigned': {
    sentence:
      '{parcel} cannot be answered: what its source signed does not hold, so whose mailbox it is cannot be proved',
    hint: 'desk verify BUNDLE --keys DIR --parcel {parcel} tells what is wrong with it',
  },
  'attachment-changed': {
    sentence: '{path} was changed while it was being read',
    hint: 'nothing was written; try again',
  },
  'attachment-unreadable': { sentence: '{path} cannot be attached ({reason})', hint: null },
  'bag-report-untrusted': {
    sentence: 'the report in {folder}/custody was not signed by a desk of these keys, or was changed since',
    hint: 'extract the parcel again from its bundle',
  },
  'bag-without-report': {
    sentence: '{folder} is no bag with a custody report',
    hint: 'give a folder that desk extract wrote; it writes the first report',
  },
  'bundle-missing': {
    sentence: '{folder} is not a bundle: it holds no folder inbox',
    hint: 'give the folder that courier pull filled',
  },
  'bundle-of-others': {
    sentence: '{folder} is a bundle of another organisation: its key card was not signed by your root key',
    hint: 'nothing in it is answered with these keys',
  },
  'bundle-reply-key': {
    sentence:
      'the key card in {folder} names another reply key than the one in these keys: the source would refuse the reply',
    hint: 'put reply.key back from your backup of the key folder, or sign a new card with desk card',
  },
  'bundle-without-card': {
    sentence: '{folder} holds no key card (card.note) that can be read',
    hint: 'let courier pull fetch it',
  },
  'bundle-unreadable': { sentence: '{folder} cannot be read ({reason})', hint: 'is the medium all right?' },
  'case-log-busy': {
    sentence: 'another desk is writing to the case log {path}',
    hint: 'if none is running, one was cut off: remove {lock} and try again',
  },
  'case-log-damaged': {
    sentence: 'the case log {path} does not hold: it was changed, cut or signed by another than this desk',
    hint: 'it is left as it is and nothing is added: keep it, put the file back from your backup, or use another folder with --cases and say so in the report',
  },
  'case-log-event': {
    sentence: 'there is too much to say in one event of the case log (most: {most} characters)',
    hint: null,
  },
  'case-log-locked': {
    sentence: 'the case log {path} is encrypted to an identity that is not among these keys any more',
    hint: 'put the identity back from your backup, or keep the file and use another folder with --cases',
  },
  'case-log-unreadable': { sentence: 'the case log {path} cannot be read ({reason})', hint: 'are you its owner?' },
  'case-log-unwritable': {
    sentence: 'the case log {path} cannot be written ({reason}), so what is done would not be recorded',
    hint: 'is there room, and may you write there? --cases DIR keeps the logs in another folder',
  },
  'command-unknown': { sentence: 'there is no command {name}', hint: 'desk help lists the commands' },
  'conversation-unsigned': {
    sentence: 'whose mailbox {parcel} comes from cannot be proved: what its source signed does not hold',
    hint: 'desk verify BUNDLE --keys DIR --parcel {parcel} tells what is wrong with it',
  },
  'keys-busy': {
    sentence: 'another desk is changing the keys in {folder}',
    hint: 'if none is running, one was cut off: remove {lock} and try again',
  },
  'keys-damaged': {
    sentence: '{folder}/{file} is not what this program wrote',
    hint: 'put the file back from your backup of the key folder',
  },
  'keys-exist': {
    sentence: '{folder} exists and is not empty',
    hint: 'keys are never overwritten; choose another folder',
  },
  'keys-file-missing': {
    sentence: 'in the key folder {folder} there is no {file}',
    hint: 'nothing was changed; put it back from your backup of the key folder',
  },
  'keys-missing': {
    sentence: '{folder} is not a key folder of the desk',
    hint: 'desk init DIR --organisation NAME makes one',
  },
  'keys-unreadable': { sentence: '{folder}/{file} cannot be read ({reason})', hint: 'are you its owner?' },
  'keys-unwritable': {
    sentence: 'the key folder {folder} cannot be written ({reason})',
    hint: 'is there room, and are you allowed to write there?',
  },
  'message-empty': { sentence: 'the message is empty', hint: 'a reply has at least one word' },
  'message-long': { sentence: 'the message has more than {most} bytes', hint: 'send it as a file, with --attach' },
  'message-not-text': {
    sentence: 'the message is not text in UTF-8',
    hint: 'save it as plain text (UTF-8), or send the file with --attach',
  },
  'message-unreadable': {
    sentence: 'the message {path} cannot be read ({reason})',
    hint: 'give a file of text, or --message - and pipe the text in; nothing was written',
  },
  operands: { sentence: 'this is not how the command is written: {usage}', hint: null },
  'operands-none': { sentence: 'this command takes nothing after its name but options', hint: null },
  'option-empty': { sentence: '--{option} needs a value after it', hint: null },
  'option-missing': { sentence: '--{option} is missing', hint: null },
  'option-number': { sentence: '--{option} takes a whole number from {least} to {most}', hint: null },
  'option-twice': { sentence: '--{option} is there twice', hint: null },
  'option-unknown': { sentence: 'this command has no option {option}', hint: null },
  'organisation-name': {
    sentence: 'the name of the organisation is empty, too long (120 characters) or holds control characters',
    hint: 'it is shown to sources: write it as they know it',
  },
  'extract-running': {
    sentence: 'another desk (process {pid}) is extracting this parcel into {path}',
    hint: 'wait for it, or choose another folder',
  },
  'outbox-full': {
    sentence: 'there is not enough room in {path}',
    hint: 'free some, or attach less; nothing of the reply was left in the bundle',
  },
  'outbox-unwritable': {
    sentence: '{path} cannot be written ({reason})',
    hint: 'is the medium write-protected? Nothing of the reply was left in the bundle',
  },
  'out-full': {
    sentence: 'there is not enough room in {path}',
    hint: 'free some, or extract to another disk; nothing half-written is left under the name of the parcel',
  },
  'out-exists': {
    sentence: '{path} exists already',
    hint: 'nothing is overwritten; move it elsewhere, or choose another name',
  },
  'out-unwritable': {
    sentence: '{path} cannot be written ({reason})',
    hint: 'does the folder exist, and is there room?',
  },
  'parcel-id': {
    sentence: 'the bundle holds no parcel {parcel}',
    hint: 'desk list BUNDLE --keys DIR shows the parcels; a parcel is named by 32 digits, or as many of the first as make it plain',
  },
  'receipt-key': {
    sentence: '--receipt-key is not a public key (43 characters of base64url)',
    hint: 'on the server: node server/main.ts receipt-key prints it',
  },
  role: {
    sentence: '--role is too long (60 characters) or holds control characters',
    hint: 'it stands in the case log: a role such as editor, never a name',
  },
  'reply-too-large': {
    sentence: 'the reply is too large: with its padding it may have {most}',
    hint: 'send it as several',
  },
  'exchange-missing': {
    sentence: '{folder} is not a folder that can be used ({reason})',
    hint: '--exchange names an existing folder, outside of the keys, the case logs and the bundle, and holding none of them',
  },
  'exchange-none': {
    sentence: 'this viewer was started without a folder for files to go to or to come from',
    hint: 'end it, and start it with --exchange DIR',
  },
  'exchange-outside': {
    sentence: '{path} does not lie in {folder}',
    hint: 'the page may use that folder alone',
  },
  'job-unknown': { sentence: 'there is no such work', hint: null },
  'jobs-many': { sentence: 'there is too much work waiting', hint: 'wait for some of it, or stop it' },
  'timestamp-differs': {
    sentence: '{path} is not a granted time stamp for this report',
    hint: 'it answers the request custody/report.tsq of exactly this report; a new report needs a new one',
  },
  'timestamp-unreadable': { sentence: '{path} cannot be read ({reason})', hint: null },
  'viewed-many': {
    sentence: 'more files were viewed than the logs of the cases take in one run; those from here on are in no log',
    hint: 'end the viewer and start it again',
  },
  'viewer-bundle': {
    sentence: '{path} cannot be given to the process that serves the page ({reason})',
    hint: 'a courier writes neither links nor such names: look at what is there, or copy the bundle to a folder of your own without it; verify needs no copy',
  },
  'viewer-died': {
    sentence: 'the process that serves the page has ended by itself',
    hint: 'nothing was written; start the viewer again',
  },
  'viewer-hostile': {
    sentence:
      'the process that serves the page said what it never says, and was ended: something that a source sent may have taken it over',
    hint: 'nothing was written on its word; keep the bundle as it is and show it to somebody who can look into it',
  },
  'viewer-missing': {
    sentence: 'the page of the viewer is not there',
    hint: 'npm run build makes it',
  },
  'viewer-port': { sentence: '--port {port} is not the number of a port', hint: null },
  usage: { sentence: 'say what to do', hint: 'desk help lists the commands' },
} as const satisfies Record<string, Text>;

type FindingKind = 'damage' | 'unfinished' | 'foreign' | 'source' | 'remark';

/**
 * What can be found about a parcel. `kind`: `damage` is a part, statement, archive or file that is not what it should be; `unfinished` is what
 * has not come; `foreign` is not for these keys; `source` was noted down by the source's own browser; a `remark` needs no one to act.
 */
export const FINDINGS = {
  ...LOG_FINDINGS,
  'archive-damaged': {
    kind: 'damage',
    sentence: 'The archive inside is not one that this system writes ({reason}). Reading stopped there.',
  },
  'archive-entry-refused': {
    kind: 'damage',
    sentence:
      'The archive inside holds a link, a device or something else that is no plain file ({reason}). Reading stopped there.',
  },
  'archive-not-a-bag': {
    kind: 'damage',
    sentence: 'The archive inside holds a file that no bag holds. Reading stopped there.',
  },
  'archive-path-unsafe': {
    kind: 'damage',
    sentence: 'A file name in the archive leads out of the parcel ({reason}). Reading stopped there.',
  },
  'archive-too-large': {
    kind: 'damage',
    sentence: 'A file in the archive claims to be larger than the whole parcel. Reading stopped there.',
  },
  'archive-too-many-files': {
    kind: 'damage',
    sentence: 'The archive holds more files than a parcel may. Reading stopped there.',
  },
  'bag-empty': { kind: 'damage', sentence: 'The bag holds no file at all.' },
  'bag-oxum-differs': { kind: 'damage', sentence: '{path} announces another number or size of files than there are.' },
  'bag-parcel-differs': { kind: 'damage', sentence: '{path} names another parcel.' },
  'bag-sender-differs': {
    kind: 'damage',
    sentence:
      '{path} names another sender than the one who signed: somebody on the way put parts or signatures of their own in place.',
  },
  'bag-tag-differs': { kind: 'damage', sentence: '{path} is not what the tag manifest says.' },
  'bag-tag-incomplete': { kind: 'damage', sentence: '{path} is incomplete.' },
  'bag-tag-malformed': { kind: 'damage', sentence: '{path} is not well formed.' },
  'bag-tag-missing': { kind: 'damage', sentence: '{path} is missing from the bag.' },
  'card-invalid': { kind: 'damage', sentence: 'The key card in the bundle is not well formed.' },
  'card-missing': { kind: 'damage', sentence: 'The bundle holds no key card (card.note) that can be read.' },
  'card-untrusted': {
    kind: 'damage',
    sentence:
      'The key card in the bundle was not signed by the root key of the organisation: the server may be showing sources a card of someone else.',
  },
  'envelope-invalid': {
    kind: 'damage',
    sentence: 'envelope.json is not well formed: a field is unknown, missing or of the wrong form.',
  },
  'envelope-key-differs': {
    kind: 'damage',
    sentence: 'envelope.json names another mailbox key than the opening does.',
  },
  'envelope-missing': { kind: 'damage', sentence: 'envelope.json is missing or cannot be read.' },
  'envelope-order': { kind: 'damage', sentence: 'The part statements are not in their order.' },
  'envelope-parcel-differs': { kind: 'damage', sentence: 'envelope.json speaks of another parcel than its folder.' },
  'file-absent': { kind: 'unfinished', sentence: 'Nothing is here of {path}.' },
  'file-changed-at-source': {
    kind: 'source',
    sentence:
      'The source changed {path} between two sendings: its beginning may be of one version and its end of another. Its hash fits what is here.',
  },
  'file-cut-by-source': {
    kind: 'source',
    sentence: 'The browser of the source could not read {path} to its end; the rest of it is zeros.',
  },
  'file-differs': { kind: 'damage', sentence: '{path} is not what the manifest says.' },
  'file-incomplete': { kind: 'unfinished', sentence: '{path} is incomplete.' },
  'file-missing': { kind: 'damage', sentence: 'The manifest lists {path}, which is not there.' },
  'file-not-listed': { kind: 'damage', sentence: '{path} is not in the manifest.' },
  'file-renamed': { kind: 'remark', sentence: '{path} cannot have that name here; it is stored as {stored}.' },
  'file-unexpected': {
    kind: 'remark',
    sentence: '{path} lies in the folder of the parcel and is no part; it was left alone.',
  },
  'files-unknown': {
    kind: 'unfinished',
    sentence: '{count} more files are announced, of which nothing is here, not even the names.',
  },
  'not-for-us': {
    kind: 'foreign',
    sentence: 'The parts are encrypted to other keys than these; they cannot be opened here.',
  },
  'not-yet-received': { kind: 'remark', sentence: 'Sealed by the source; the server had not given its receipt yet.' },
  'number-unknown': {
    kind: 'unfinished',
    sentence: 'How many files there should be is not known: the beginning is not here.',
  },
  'opening-invalid': { kind: 'damage', sentence: 'The opening of the parcel is not well formed.' },
  'opening-parcel-differs': { kind: 'damage', sentence: 'The opening is that of another parcel.' },
  'opening-signature-wrong': { kind: 'damage', sentence: 'The opening is not signed by the key it names.' },
  'part-altered': {
    kind: 'damage',
    sentence: 'Part {part} was changed: its bytes are not those that the source signed.',
  },
  'part-from-other-parcel': {
    kind: 'damage',
    sentence: 'In place of part {part} there is part {other} of the parcel {parcel}.',
  },
  'part-header-damaged': {
    kind: 'damage',
    sentence: 'Part {part} is what the source signed, but its age header is not well formed.',
  },
  'part-medium': {
    kind: 'damage',
    sentence:
      'Part {part} could not be read from its medium ({reason}), which was pulled out or goes bad. That says nothing about the part: copy the bundle to another medium, or pull it again.',
  },
  'part-payload-damaged': {
    kind: 'damage',
    sentence: 'Part {part} is what the source signed, but it does not decrypt.',
  },
  'part-repeated': { kind: 'damage', sentence: 'In place of part {part} there is part {other} once more.' },
  'part-size-differs': {
    kind: 'damage',
    sentence: 'Part {part} is what the source signed, but not of the size that the opening gives.',
  },
  'part-swapped': { kind: 'damage', sentence: 'Part {part} was swapped with part {other}.' },
  'part-too-long': { kind: 'damage', sentence: 'Part {part} is too long: {size} bytes instead of {expected}.' },
  'part-truncated': { kind: 'damage', sentence: 'Part {part} was cut: {size} bytes instead of {expected}.' },
  'part-unreadable': { kind: 'damage', sentence: 'Part {part} cannot be read ({reason}).' },
  'part-without-statement': { kind: 'damage', sentence: 'Part {part} has no statement that the source signed.' },
  'parts-missing': {
    kind: 'damage',
    sentence: 'Parts that the source had sent are missing from the bundle: {ranges}.',
  },
  'parts-not-for-us': { kind: 'damage', sentence: 'Some parts are encrypted to other keys than these: {ranges}.' },
  'parts-unsent': { kind: 'unfinished', sentence: 'Parts that have not come: {ranges}.' },
  'receipt-differs': { kind: 'damage', sentence: 'The receipt is for another parcel or other parts.' },
  'receipt-invalid': { kind: 'damage', sentence: 'The receipt is not well formed.' },
  'receipt-signature-wrong': {
    kind: 'damage',
    sentence: 'The receipt is not signed by a receipt key that any card of the organisation names.',
  },
  'receipt-without-seal': { kind: 'damage', sentence: 'There is a receipt, and no seal that it could be for.' },
  'seal-invalid': { kind: 'damage', sentence: 'The seal is not well formed.' },
  'seal-opening-differs': {
    kind: 'damage',
    sentence: 'The seal is for {sealed} parts, the opening for {opened}, or their sizes differ.',
  },
  'seal-parcel-differs': { kind: 'damage', sentence: 'The seal is that of another parcel.' },
  'seal-root-differs': { kind: 'damage', sentence: 'The seal is for other parts than the statements speak of.' },
  'seal-signature-wrong': {
    kind: 'damage',
    sentence: 'The seal was changed, or was signed by another key than the source has.',
  },
  'statement-beyond-end': {
    kind: 'damage',
    sentence: 'There is a statement for part {part}; the parcel has only {count}.',
  },
  'statement-invalid': { kind: 'damage', sentence: 'Part statement number {line} is not well formed.' },
  'statement-parcel-differs': {
    kind: 'damage',
    sentence: 'The statement for part {part} (number {line}) is that of another parcel.',
  },
  'statements-surplus': {
    kind: 'damage',
    sentence:
      'There are many more part statements than the {count} parts of the parcel; the last ones were not looked at.',
  },
  'statement-repeated': { kind: 'damage', sentence: 'There is a second statement for part {part} (number {line}).' },
  'statement-signature-wrong': {
    kind: 'damage',
    sentence: 'Part statement number {line} was changed, or was signed by another key than the source has.',
  },
  'statement-size': {
    kind: 'damage',
    sentence: 'The statement for part {part} (number {line}) speaks of {size} bytes, more than a part may have.',
  },
  'statements-missing': {
    kind: 'damage',
    sentence: 'The parcel is sealed, and statements are missing for the parts {ranges}.',
  },
  unsealed: { kind: 'unfinished', sentence: 'All parts have come; the source has not sealed the parcel.' },
} as const satisfies Record<string, { readonly kind: FindingKind; readonly sentence: string }>;
