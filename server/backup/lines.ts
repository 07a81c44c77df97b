/** Lines of a file, one after the other, with memory for one of them; they end in a line feed and in nothing else. */
import { BackupError } from './backup-error.ts';
import { open } from 'node:fs/promises';

const READ_SIZE = 262_144;
/** A page of a ledger is the longest thing that stands in a line: a quarter of a MiB, in hex. */
const LONGEST = 4_194_304;

/** The lines of a file without their ends. Throws for a last line that is cut off, and for one that is longer than any of ours. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await open(path, 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const buffer = Buffer.allocUnsafe(READ_SIZE);
      const { bytesRead } = await file.read(buffer, 0, READ_SIZE);
      if (bytesRead === 0) break;
      const bytes =
        rest.length === 0 ? buffer.subarray(0, bytesRead) : Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        yield bytes.toString('utf8', from, end);
        from = end + 1;
      }
      rest = bytes.subarray(from);
      if (rest.length > LONGEST) throw new BackupError('A line of the backup is too long.');
    }
    if (rest.length > 0) throw new BackupError('The last line of a file of the backup is cut off.');
  } finally {
    await file.close();
  }
}
