/**
 * The desk's own record of the replies it wrote: one age file each, to the newest identity, at sent/<mailbox>/<number>.age of the key folder.
 * The number is the file's name, so that none is given twice even when an identity, and with it the text, has been destroyed.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decryptFile, encryptFile } from '../../shared/age/file.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { utf8Decode, utf8Encode } from '../../shared/bytes/utf8.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { syncFolder, writeNew } from '../durable.ts';
import { Failure, systemCode } from '../failure.ts';
import { nodeCipher } from '../node-cipher.ts';
import type { DatedIdentity } from './key-texts.ts';
import { formatSentReply, parseSentReply } from './sent-reply.ts';
import type { SentReply } from './sent-reply.ts';

/** A reply that was sent. `record` is null when it cannot be read: damaged, or for an identity that was destroyed. */
export interface SentEntry {
  readonly number: number;
  readonly record: SentReply | null;
}

const NAME = /^(\d{6,9})\.age$/;
const MOST_RECORD = 16 * 1_048_576;

/** Numbers of the replies sent to a mailbox, rising. Failure `keys-unreadable`. */
async function sentNumbers(keys: string, mailbox: Uint8Array): Promise<readonly number[]> {
  const names = await readdir(folderOf(keys, mailbox)).catch((error: unknown) => {
    const reason = systemCode(error) ?? 'unknown';
    if (reason === 'ENOENT') return [];
    throw new Failure('keys-unreadable', { folder: keys, file: 'sent', reason });
  });
  const numbers = names.flatMap((name) => {
    const match = NAME.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
  return numbers.toSorted((a, b) => a - b);
}

/** A reader of the replies sent to a mailbox, in their order. Failure `keys-unreadable`. */
export function createSentReader(
  keys: string,
  identities: readonly string[],
): (mailbox: Uint8Array) => Promise<SentEntry[]> {
  /** The identity that fitted last comes first: a hybrid one takes milliseconds to try. */
  const order = [...identities];

  async function decrypt(file: Uint8Array): Promise<Uint8Array | null> {
    for (const [i, identity] of order.entries()) {
      const plaintext = await decryptFile({ file, identities: [identity], provider: nodeCipher });
      if (plaintext === null) continue;
      order.unshift(...order.splice(i, 1));
      return plaintext;
    }
    return null;
  }

  /** The record in a file; null when it cannot be opened or is not the one of this place. */
  async function recordIn(file: Uint8Array, mailbox: Uint8Array, number: number): Promise<SentReply | null> {
    try {
      const plaintext = file.length > MOST_RECORD ? null : await decrypt(file);
      if (plaintext === null) return null;
      const record = parseSentReply(utf8Decode(plaintext));
      return record.number === number && record.mailbox === toBase64Url(mailbox) ? record : null;
    } catch (error) {
      if (!isProblem(error)) throw error;
      return null;
    }
  }

  return async (mailbox) => {
    const entries: SentEntry[] = [];
    for (const number of await sentNumbers(keys, mailbox)) {
      const file = await readFile(pathOf(keys, mailbox, number)).catch((error: unknown) => {
        throw new Failure('keys-unreadable', { folder: keys, file: 'sent', reason: systemCode(error) ?? 'unknown' });
      });
      entries.push({ number, record: await recordIn(file, mailbox, number) });
    }
    return entries;
  };
}

/** Writes a record, durably; a number that is there already is never written over. Failure `keys-unwritable`. */
export async function writeSentReply(
  keys: string,
  record: SentReply,
  { mailbox, identities, random }: { mailbox: Uint8Array; identities: readonly DatedIdentity[]; random: Random },
): Promise<void> {
  const newest = identities.toSorted((a, b) => (a.from < b.from ? -1 : 1)).at(-1)!;
  const file = await encryptFile({
    plaintext: utf8Encode(formatSentReply(record)),
    recipients: [newest.recipient],
    provider: nodeCipher,
    random,
  });
  const path = pathOf(keys, mailbox, record.number);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeNew(path, file);
    for (const folder of [dirname(path), join(keys, 'sent'), keys]) await syncFolder(folder);
  } catch (error) {
    throw new Failure('keys-unwritable', { folder: keys, reason: systemCode(error) ?? 'unknown' });
  }
}

/** Takes a record away whose reply could not be put in its place. */
export async function removeSentReply(keys: string, mailbox: Uint8Array, number: number): Promise<void> {
  await rm(pathOf(keys, mailbox, number), { force: true });
}

function pathOf(keys: string, mailbox: Uint8Array, number: number): string {
  return join(folderOf(keys, mailbox), `${String(number).padStart(6, '0')}.age`);
}

/** Half of the SHA-256 of the mailbox key: a name that every file system takes. */
function folderOf(keys: string, mailbox: Uint8Array): string {
  return join(keys, 'sent', createHash('sha256').update(mailbox).digest('hex').slice(0, 32));
}
