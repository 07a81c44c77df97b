/** What backup and restore say when they cannot go on. */
import { isProblem } from '../../shared/problem/problem.ts';
import { BackupError } from '../backup/backup-error.ts';
import { Halt } from './halt.ts';

const DISK = 'What was valid before is valid still. Make room, then run the same command again: it goes on.';

/** A Halt for what can be expected; anything else is thrown on as it is. */
export function whatWentWrong(error: unknown): unknown {
  if (error instanceof BackupError) return new Halt('backup', error.message);
  if (isProblem(error, 'storage-full')) return new Halt('storage', 'The disk of the database is full.', DISK);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return new Halt('backup', 'The disk is full.', DISK);
  if (['EIO', 'EROFS', 'EACCES', 'EPERM', 'ENODEV', 'ENXIO', 'ENOTDIR'].includes(code))
    return new Halt(
      'backup',
      `A folder or file cannot be read or written (${code}).`,
      'Is the medium there, and writable?',
    );
  return error;
}
