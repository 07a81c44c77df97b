/** The file of a case log: an age file to the newest identity of the desk, which stock `age` opens, replaced whole and durably, under a lock. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { decryptFile, encryptFile } from '../../shared/age/file.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { utf8Decode, utf8Encode } from '../../shared/bytes/utf8.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { readPlain } from '../read-only.ts';
import { replaceFile, syncFolder } from '../durable.ts';
import { Failure, systemCode } from '../failure.ts';
import type { DatedIdentity } from '../keys/key-texts.ts';
import { nodeCipher } from '../node-cipher.ts';
import { releaseLock, takeLock } from '../process-lock.ts';

/** A log that has grown beyond this is not read: some hundred thousand events. */
const MAX_FILE = 256 * 1_048_576;
/** How long another desk may hold the lock: an event takes milliseconds. */
const PATIENCE = 400;
const PAUSE_MS = 25;

/** The bytes of the file and their hash; null when there is none. Failures `case-log-damaged`, `case-log-unreadable`. */
export async function readCaseFile(path: string): Promise<{ file: Uint8Array; digest: string } | null> {
  try {
    const file = await readPlain(path, MAX_FILE);
    if (file === null) throw new Failure('case-log-damaged', { path });
    return { file, digest: createHash('sha256').update(file).digest('hex') };
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = systemCode(error);
    if (reason === 'ENOENT') return null;
    throw new Failure('case-log-unreadable', { path, reason: reason ?? 'unknown' });
  }
}

/** The text in the file. Failures `case-log-damaged`, and `case-log-locked` when its identity is not here any more. */
export async function decryptCaseFile(
  path: string,
  file: Uint8Array,
  identities: readonly DatedIdentity[],
): Promise<string> {
  try {
    for (const { identity } of identities.toSorted((a, b) => (a.until < b.until ? 1 : -1))) {
      const plaintext = await decryptFile({ file, identities: [identity], provider: nodeCipher });
      if (plaintext !== null) return utf8Decode(plaintext);
    }
  } catch (error) {
    if (isProblem(error)) throw new Failure('case-log-damaged', { path });
    throw error;
  }
  throw new Failure('case-log-locked', { path });
}

/** Puts `text` in the place of the file; gives the hash of what is there now. Failure `case-log-unwritable`. */
export async function writeCaseFile(
  path: string,
  text: string,
  { identities, random }: { identities: readonly DatedIdentity[]; random: Random },
): Promise<string> {
  const lasting = identities.toSorted((a, b) => (a.until < b.until ? -1 : 1)).at(-1)!;
  const file = await encryptFile({
    plaintext: utf8Encode(text),
    recipients: [lasting.recipient],
    provider: nodeCipher,
    random,
  });
  // What could not be read again is not written.
  if (file.length > MAX_FILE) throw new Failure('case-log-unwritable', { path, reason: 'EFBIG' });
  try {
    await replaceFile(path, file);
    await syncFolder(dirname(path));
  } catch (error) {
    throw unwritable(path, error);
  }
  return createHash('sha256').update(file).digest('hex');
}

/** Runs `work` while no other desk writes to the log. Failures `case-log-busy`, `case-log-unwritable`. */
export async function withCaseLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    for (let tries = 0; !(await takeLock(lock)); tries++) {
      if (tries >= PATIENCE) throw new Failure('case-log-busy', { path, lock });
      await wait(PAUSE_MS);
    }
  } catch (error) {
    throw unwritable(path, error);
  }
  try {
    return await work();
  } finally {
    await releaseLock(lock);
  }
}

function unwritable(path: string, error: unknown): unknown {
  const reason = systemCode(error);
  return reason === null ? error : new Failure('case-log-unwritable', { path, reason });
}
