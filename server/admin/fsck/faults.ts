/** All that fsck can find wrong: what each is called in JSON, and in words what it is and what to do. */

const RESTORE =
  'Bring it back from a backup. Where there is none: what is whole of this parcel can still be collected, and the desk names what is missing.';
const ROW =
  'The database was altered by something else than the server, or its disk is failing: restore it from a backup, and look for the cause.';
const SEALED =
  'Collect this parcel now, as it is; the desk judges for itself what of it can be proved. Then look for the cause.';
const COUNTS = 'No byte is lost, but quotas go by these counts. “admin fsck --recount” counts all of them anew.';

export const FAULTS = {
  'opening-invalid': { words: 'its opening is not signed by its sender', advice: ROW },
  'opening-differs': { words: 'its row says something else than its signed opening', advice: ROW },
  'part-beyond': { words: 'it has a part beyond those that its opening announced', advice: ROW },
  'statement-invalid': { words: 'the statement is not signed by the sender, or is about another part', advice: ROW },
  'statement-differs': { words: 'its row says something else than its signed statement', advice: ROW },
  'blobs-differ': { words: 'the bytes it should have are not as many as its blobs have', advice: ROW },
  'blob-missing': { words: 'a blob is missing', advice: RESTORE },
  'blob-short': { words: 'a blob is shorter than it was', advice: RESTORE },
  'blob-long': { words: 'a blob is longer than it was', advice: RESTORE },
  'blob-unreadable': {
    words: 'a blob cannot be read',
    advice: `The disk is failing: copy what can be read, and replace it. ${RESTORE}`,
  },
  'bytes-differ': { words: 'its bytes do not have its hash', advice: RESTORE },
  'rot-noted': { words: 'the scrubber found its bytes gone or changed', advice: RESTORE },
  'parts-missing': { words: 'it is sealed, and not all of its parts are there', advice: ROW },
  'seal-invalid': { words: 'its seal is not signed by its sender, or is about another parcel', advice: SEALED },
  'seal-differs': { words: 'its seal is over other parts than it has', advice: SEALED },
  'receipt-invalid': {
    words: 'its receipt is not signed by the receipt key in the data folder',
    advice:
      'Was receipt.key replaced? Receipts of the old key stay good for those who have them. Else restore the database.',
  },
  'receipt-differs': { words: 'its receipt is over another seal or day', advice: ROW },
  'log-differs': {
    words: 'the log of receipts is not what its checkpoint says',
    advice:
      'Restore the database from a backup; “admin log” then says how the log goes on. Couriers have its checkpoints.',
  },
  'log-place-differs': { words: 'its receipt is not in the log where its row says', advice: ROW },
  'count-differs': { words: 'its bytes or finished parts are counted wrongly', advice: COUNTS },
  'usage-differs': { words: 'the bytes of a mailbox, or of all, are counted wrongly', advice: COUNTS },
} as const;

export type FaultKind = keyof typeof FAULTS;

export interface Fault {
  readonly kind: FaultKind;
  /** Null: it is about all parcels together. */
  readonly parcel: string | null;
  readonly part: number | null;
  readonly blob: string | null;
}

/** A fault in one line: which, where. */
export function faultInWords({ kind, parcel, part, blob }: Fault): string {
  const where = [
    parcel === null ? 'all parcels' : `parcel ${parcel}`,
    ...(part === null ? [] : [`part ${part}`]),
    ...(blob === null ? [] : [`blob ${blob}`]),
  ];
  return `${where.join(', ')}: ${FAULTS[kind].words} (${kind})`;
}
