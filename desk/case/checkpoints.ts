/** The checkpoints of the server's log that the courier put into a bundle: those that a receipt key of our cards signed. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { utf8Decode } from '../../shared/bytes/utf8.ts';
import type { Checkpoint } from '../../shared/tlog/checkpoint.ts';
import { openCheckpoint } from '../../shared/tlog/checkpoint.ts';
import { readPlain } from '../read-only.ts';

/** One that lies in a bundle. */
export interface KeptCheckpoint extends Checkpoint {
  /** Of its file, without `.note`. */
  readonly name: string;
  readonly note: string;
}

const FOLDER = 'checkpoints';
const NAME = /^(?:fork-)?[a-z0-9-]{1,60}\.note$/;
const MOST_BYTES = 1_024;
/** One a day for twenty years, and some. */
const MOST = 10_000;

/** What is not signed by one of the keys, or is no checkpoint, says nothing and is passed over. */
export async function readCheckpoints(bundle: string, receiptKeys: readonly Uint8Array[]): Promise<KeptCheckpoint[]> {
  const names = await readdir(join(bundle, FOLDER)).catch(() => []);
  const found: KeptCheckpoint[] = [];
  for (const name of names.filter((each) => NAME.test(each)).slice(0, MOST)) {
    const note = await readNote(bundle, name);
    for (const key of note === null ? [] : receiptKeys) {
      const checkpoint = await openCheckpoint(note!, key).catch(() => null);
      if (checkpoint === null) continue;
      found.push({ ...checkpoint, name: name.slice(0, -'.note'.length), note: note! });
      break;
    }
  }
  return found;
}

/** A file beside a checkpoint: the request for its time stamp, or the answer. Null when there is none, or none of that size. */
export function readBesideCheckpoint(
  bundle: string,
  { name }: KeptCheckpoint,
  kind: 'tsq' | 'tsr',
  most: number,
): Promise<Uint8Array | null> {
  return readPlain(join(bundle, FOLDER, `${name}.${kind}`), most).catch(() => null);
}

async function readNote(bundle: string, name: string): Promise<string | null> {
  try {
    const bytes = await readPlain(join(bundle, FOLDER, name), MOST_BYTES);
    return bytes === null ? null : utf8Decode(bytes);
  } catch {
    return null;
  }
}
