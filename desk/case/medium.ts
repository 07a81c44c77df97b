/** Media that fail: what tells a stick that was pulled out, or goes bad, from a parcel that somebody damaged. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, systemCode } from '../failure.ts';

/** What systems say of a device that does not answer, or of a file system that has become unreadable. Numbers are those of Linux that Node has no name for: EBADMSG, ESTALE, EUCLEAN, ENOMEDIUM. */
const FAULTS = new Set(['EIO', 'ENODEV', 'ENXIO', 'EREMOTEIO', 'ETIMEDOUT', 'E74', 'E116', 'E117', 'E123']);

/** True when the medium failed, and nothing is said by that about what lies on it. */
export function isMediumFault(reason: string | null): boolean {
  return reason !== null && FAULTS.has(reason);
}

/** Throws Failure `medium-failing` when `error` is of that kind. */
export function refuseMediumFault(folder: string, error: unknown): void {
  const reason = systemCode(error);
  if (reason !== null && isMediumFault(reason)) throw new Failure('medium-failing', { folder, reason });
}

/** To be asked when things are missing that should be there. Failures `medium-gone`, `medium-failing`, when the whole inbox is not there any more. */
export async function checkStillThere(bundle: string): Promise<void> {
  try {
    await lstat(join(bundle, 'inbox'));
  } catch (error) {
    refuseMediumFault(bundle, error);
    throw new Failure('medium-gone', { folder: bundle });
  }
}
