/** The checkpoints of the server's log that the courier put into a bundle: those that a receipt key of our cards signed. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { utf8Decode } from '../../shared/bytes/utf8.ts';
import type { Checkpoint } from '../../shared/tlog/checkpoint.ts';
import { openCheckpoint } from '../../shared/tlog/checkpoint.ts';
import { READ_ONLY } from './read-only.ts';

const FOLDER = 'checkpoints';
const NAME = /^(?:fork-)?[a-z0-9-]{1,60}\.note$/;
const MOST_BYTES = 1_024;
/** One a day for twenty years, and some. */
const MOST = 10_000;

/** What is not signed by one of the keys, or is no checkpoint, says nothing and is passed over. */
export async function readCheckpoints(bundle: string, receiptKeys: readonly Uint8Array[]): Promise<Checkpoint[]> {
  const names = await readdir(join(bundle, FOLDER)).catch(() => []);
  const found: Checkpoint[] = [];
  for (const name of names.filter((each) => NAME.test(each)).slice(0, MOST)) {
    const note = await readNote(join(bundle, FOLDER, name));
    for (const key of note === null ? [] : receiptKeys) {
      const checkpoint = await openCheckpoint(note!, key).catch(() => null);
      if (checkpoint === null) continue;
      found.push(checkpoint);
      break;
    }
  }
  return found;
}

async function readNote(path: string): Promise<string | null> {
  try {
    const file = await open(path, READ_ONLY);
    try {
      const stat = await file.stat();
      return stat.isFile() && stat.size <= MOST_BYTES ? utf8Decode(await file.readFile()) : null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
