/** The passphrase of a key folder: asked of the person, or read from the file that a script names. It is never an argument, and never in a message. */
import { open } from 'node:fs/promises';
import type { Ask } from '../commands/command.ts';
import { Failure, systemCode } from '../failure.ts';

/** Where a passphrase may come from. */
export interface Asking {
  readonly ask?: Ask;
  /** A file whose first line is the passphrase; it may be a pipe. */
  readonly passphraseFile?: string;
  /** Tells that the two typings of a new one differ, or that it is short. */
  readonly warn?: (line: string) => void;
  /** Cost of a new passphrase, as a power of two; the default is that of stock age. */
  readonly passphraseWork?: number;
}

const MOST = 1024;
/** Below so many letters a passphrase can be tried out; four words of a list are about as long. */
const SHORT = 20;

/** The passphrase of `folder`. Failures `passphrase-needed`, `passphrase-file`. */
export async function askPassphrase(folder: string, { ask, passphraseFile }: Asking): Promise<string> {
  const given =
    passphraseFile === undefined
      ? ((await ask?.(`Passphrase of ${folder}: `, 'hidden')) ?? null)
      : await firstLine(passphraseFile);
  if (given === null) throw new Failure('passphrase-needed', { folder });
  return given;
}

/** A new passphrase, typed twice, and again until both are the same; the empty one is null, for none. Failures `passphrase-needed`, `passphrase-file`. */
export async function askNewPassphrase(folder: string, { ask, warn, passphraseFile }: Asking): Promise<string | null> {
  if (passphraseFile !== undefined) return (await firstLine(passphraseFile)) || null;
  for (;;) {
    const once = (await ask?.(`New passphrase of ${folder} (empty: none): `, 'hidden')) ?? null;
    const twice = once === '' || once === null ? once : ((await ask?.('The same once more: ', 'hidden')) ?? null);
    if (once === null || twice === null) throw new Failure('passphrase-needed', { folder });
    if (once === twice) {
      if (once !== '' && once.length < SHORT)
        warn?.('That one is short: whoever copies the folder can try out millions. Six words drawn by dice are safe.');
      return once === '' ? null : once;
    }
    warn?.('The two were not the same. Once more:');
  }
}

async function firstLine(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const pieces: Uint8Array[] = [];
      let size = 0;
      while (size <= MOST) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST + 1), 0, MOST + 1, null);
        if (bytesRead === 0) break;
        pieces.push(buffer.subarray(0, bytesRead));
        size += bytesRead;
      }
      const [line = ''] = Buffer.concat(pieces).toString('utf8').split(/\r?\n/, 1);
      if (size <= MOST) return line;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Failure('passphrase-file', { path, reason: systemCode(error) ?? 'unknown' });
  }
  throw new Failure('passphrase-file', { path, reason: 'too long' });
}
