/**
 * Places where the end of the process would part two steps that belong together. A test gives `reach` and ends the process in one of them;
 * the server itself does nothing there. What must hold after each of them stands in tests/flows/crash-points.test.ts.
 */

export const CRASH_POINTS = [
  // A blob on its way to the disk.
  'blob-folder-made',
  'blob-opened',
  'blob-written',
  'blob-before-sync',
  'blob-before-rename',
  'blob-renamed',
  'blob-folder-synced',
  'blob-before-discard',
  'blobs-half-removed',
  // A part's row, by what becomes of it: made, given more bytes, its many blobs made one, emptied for damage, given another statement.
  'begin-before-commit',
  'begin-committed',
  'grow-before-commit',
  'grow-committed',
  'merge-copied',
  'merge-before-commit',
  'merge-committed',
  'reset-before-commit',
  'reset-committed',
  'replace-before-commit',
  'replace-committed',
  // A parcel's row.
  'opening-before-commit',
  'opening-committed',
  'seal-records-cleared',
  'seal-before-commit',
  'seal-committed',
  'collected-committed',
  'removal-ledger-cleared',
  'removal-committed',
  'expiry-committed',
  // The log of receipts.
  'log-before-commit',
  'log-committed',
  // What a codename does.
  'page-committed',
  'claim-before-commit',
  'claim-committed',
  'withdrawal-ledger-cleared',
  'withdrawal-committed',
  'forgetting-before-commit',
  'forgetting-committed',
  'reply-deletion-committed',
  // Files of the instance, and its database.
  'key-written',
  'key-linked',
  'card-written',
  'card-renamed',
  'migration-before-commit',
  'migration-committed',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Told of each point that is come to, each time. */
export type Reach = (point: CrashPoint) => void;

/** What everything but a test gives. */
export const passOn: Reach = () => undefined;
