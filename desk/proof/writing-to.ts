/** Writing what a command was asked for: an error of the system becomes the failure that tells the person. */
import { Failure, systemCode } from '../failure.ts';

/** Runs `work`, which writes to `path`. Failures `out-exists`, `out-full`, `out-unwritable`. */
export async function writingTo<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = systemCode(error);
    if (reason === null) throw error;
    if (reason === 'EEXIST') throw new Failure('out-exists', { path });
    throw new Failure(reason === 'ENOSPC' || reason === 'EDQUOT' ? 'out-full' : 'out-unwritable', { path, reason });
  }
}
