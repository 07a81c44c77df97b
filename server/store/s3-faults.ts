/** What the errors of an S3 store mean: five kinds, told by the store's own codes; everything else is a fault of ours. */

/** `absent`: no such blob. `short`: it has fewer bytes than were asked for. `full`: no room. `passing`: may be gone at the next try. `refused`: the same until the operator mends it. */
export type S3Fault = 'absent' | 'short' | 'full' | 'passing' | 'refused';

/** Only these say that a blob is not there: without its bucket, or behind a broken proxy, nothing is known of it. */
const ABSENT = new Set(['NoSuchKey']);
const FULL = new Set([
  'QuotaExceeded',
  'ServiceQuotaExceeded',
  'InsufficientStorage',
  'InsufficientCapacity',
  'EntityTooLarge',
  'XMinioStorageFull',
]);
/** Answers of the 4xx kind that are good to try again: what went wrong lay in the link or the clock, not in the request. */
const PASSING = new Set([
  'BadDigest',
  'IncompleteBody',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'XAmzContentSHA256Mismatch',
  'SlowDown',
  'OperationAborted',
]);

/** The kind of an error that came out of the S3 client, or null when it is none of the store's or the link's. */
export function s3Fault(error: unknown): S3Fault | null {
  if (!(error instanceof Error)) return null;
  if (ABSENT.has(error.name)) return 'absent';
  if (error.name === 'InvalidRange') return 'short';
  const status = statusOf(error);
  if (FULL.has(error.name) || status === 507) return 'full';
  if (status === null) return hasCode(error) || /^(?:Timeout|Abort)Error$/.test(error.name) ? 'passing' : null;
  // Below 400 it was an answer that could not be read: cut off, or not S3's at all.
  if (PASSING.has(error.name) || status < 400 || status === 408 || status === 429 || status >= 500) return 'passing';
  return 'refused';
}

/** What may be said of it to the operator: the store's code, or the link's. */
export function s3FaultName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const name = statusOf(error) === null && hasCode(error) ? error.code : error.name;
  return /^\w{1,40}$/.test(name) ? name : 'unknown';
}

/** The status of the store's answer, or null when none came. */
export function statusOf(error: Error): number | null {
  const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number } | undefined) : undefined;
  return metadata?.httpStatusCode ?? null;
}

function hasCode(error: Error): error is Error & { code: string } {
  return 'code' in error && typeof error.code === 'string';
}
