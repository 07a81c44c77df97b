/** The text of a reply, from a file or piped in: exactly the bytes that are there, if they are text. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { utf8Decode } from '../../shared/bytes/utf8.ts';
import { MAX_MESSAGE_BYTES } from '../../shared/protocol/limits.ts';
import { Failure, systemCode } from '../failure.ts';

/** The option value that stands for what is piped in. */
export const PIPED = '-';

/** Reads a message. Failures `message-unreadable`, `message-empty`, `message-long`, `message-not-text`. */
export async function readMessage(file: string, readInput: (most: number) => Promise<Uint8Array>): Promise<string> {
  const bytes = file === PIPED ? await readInput(MAX_MESSAGE_BYTES) : await readStart(file);
  if (bytes.length === 0) throw new Failure('message-empty');
  if (bytes.length > MAX_MESSAGE_BYTES) throw new Failure('message-long', { most: MAX_MESSAGE_BYTES });
  try {
    return utf8Decode(bytes);
  } catch {
    throw new Failure('message-not-text');
  }
}

/** The file, or as much of it as shows that it is too long. */
async function readStart(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      if (!(await file.stat()).isFile()) throw new Failure('message-unreadable', { path, reason: 'not a file' });
      const into = Buffer.alloc(MAX_MESSAGE_BYTES + 1);
      let have = 0;
      for (let count = -1; count !== 0 && have < into.length; have += count)
        count = (await file.read(into, have, into.length - have, null)).bytesRead;
      return into.subarray(0, have);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('message-unreadable', { path, reason: systemCode(error) ?? 'unknown' });
  }
}
