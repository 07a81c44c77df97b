/** The sentences for what is found about a parcel: one closed table. */
import { LOG_FINDINGS } from './log-findings.ts';

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
