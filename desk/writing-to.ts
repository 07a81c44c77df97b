/** Writing what a command was asked for: an error of the system becomes the failure that tells the person. */
import { Failure, systemCode } from './failure.ts';
import type { FailureCode } from './failure.ts';

/** The failures that stand for what can go wrong at a place. */
export interface PlaceFailures {
  readonly exists: FailureCode;
  readonly full: FailureCode;
  readonly unwritable: FailureCode;
}

const OUT: PlaceFailures = { exists: 'out-exists', full: 'out-full', unwritable: 'out-unwritable' };
/** A folder that we made ourselves: what stands in the way there is none of the person's. */
export const OWN_FOLDER: PlaceFailures = { ...OUT, exists: 'out-unwritable' };

/** Runs `work`, which writes to `path`. Failures those of `place`; `out-exists`, `out-full`, `out-unwritable` unless said otherwise. */
export async function writingTo<T>(path: string, work: () => Promise<T>, place = OUT): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw placeFailure(path, error, place);
  }
}

/** What an error of the system while `path` is written means for the person; any other error as it is. */
export function placeFailure(path: string, error: unknown, place = OUT): unknown {
  const reason = systemCode(error);
  if (reason === null) return error;
  const isFull = reason === 'ENOSPC' || reason === 'EDQUOT';
  return new Failure(isFull ? place.full : reason === 'EEXIST' ? place.exists : place.unwritable, { path, reason });
}
