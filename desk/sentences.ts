/** The sentences for what stops a command: one closed table. Those for what is found about a parcel are in finding-sentences.ts. */
import { MEDIUM_FAILURES } from './case/medium-failures.ts';
import { CEREMONY_FAILURES } from './ceremony-failures.ts';
import { OUTSIDE_FAILURES } from './outside/outside-failures.ts';
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
