/** The key folder of the air-gapped machine: 0700, its files 0600; made once, never overwritten. */
import { chmod, lstat, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Random } from '../../shared/bytes/random.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { replaceFile, syncFolder, writeNew } from '../durable.ts';
import { Failure, systemCode } from '../failure.ts';
import { releaseLock, takeLock } from '../process-lock.ts';
import {
  identitiesText,
  issuedCardsText,
  organisationText,
  parseIdentities,
  parseIssuedCards,
  parseOrganisation,
  parseSeed,
  seedText,
} from './key-texts.ts';
import type { DatedIdentity, IssuedCard, Organisation } from './key-texts.ts';
import { mainDesk } from './main-desk.ts';

/** Everything in a key folder. */
export interface Keys {
  readonly organisation: Organisation;
  readonly root: SigningKey;
  readonly reply: SigningKey;
  /** Signs the custody records of this desk. */
  readonly desk: SigningKey;
  /** The root key's statement that `desk` is one of its desks: a note to open with `openDeskStatement`. */
  readonly deskNote: string;
  readonly identities: readonly DatedIdentity[];
  readonly cards: readonly IssuedCard[];
}

const FILES = {
  organisation: 'organisation.txt',
  root: 'root.key',
  reply: 'reply.key',
  identities: 'identities.txt',
  cards: 'cards.txt',
} as const;

/** Makes the key folder with fresh signing keys and the given identities. It appears whole or not at all. Failures `keys-exist`, `keys-unwritable`. */
export async function createKeyFolder(
  folder: string,
  content: { organisation: Organisation; identities: readonly DatedIdentity[]; random: Random },
): Promise<void> {
  const target = resolve(folder);
  if (!(await isAbsentOrEmpty(target))) throw new Failure('keys-exist', { folder });
  let draft: string | null = null;
  try {
    await mkdir(dirname(target), { recursive: true });
    draft = await mkdtemp(`${target}.new-`);
    await chmod(draft, 0o700);
    await writeNew(join(draft, FILES.organisation), organisationText(content.organisation));
    await writeNew(join(draft, FILES.root), seedText('postern-root-key', content.random(32)));
    await writeNew(join(draft, FILES.reply), seedText('postern-reply-key', content.random(32)));
    await writeNew(join(draft, FILES.identities), identitiesText(content.identities));
    await writeNew(join(draft, FILES.cards), '');
    await rename(draft, target);
    await syncFolder(dirname(target));
  } catch (error) {
    if (draft !== null) await rm(draft, { recursive: true, force: true });
    throw new Failure('keys-unwritable', { folder, reason: systemCode(error) ?? 'unknown' });
  }
}

/** Reads a key folder. Failures `keys-missing`, `keys-unreadable`, `keys-damaged` (with the file's name). */
export async function readKeyFolder(folder: string): Promise<Keys> {
  const read = async <T>(file: string, parse: (text: string) => T): Promise<T> => {
    const text = await readFile(join(folder, file), 'utf8').catch((error: unknown) => {
      const reason = systemCode(error);
      const missing = reason === 'ENOENT' || reason === 'ENOTDIR';
      throw new Failure(missing ? 'keys-missing' : 'keys-unreadable', { folder, file, reason: reason ?? 'unknown' });
    });
    try {
      return parse(text);
    } catch {
      throw new Failure('keys-damaged', { folder, file });
    }
  };
  const organisation = await read(FILES.organisation, parseOrganisation);
  const rootSeed = await read(FILES.root, (text) => parseSeed('postern-root-key', text));
  const root = await ed25519FromSeed(rootSeed);
  const identities = await read(FILES.identities, parseIdentities);
  return {
    organisation,
    root,
    reply: await ed25519FromSeed(await read(FILES.reply, (text) => parseSeed('postern-reply-key', text))),
    ...(await mainDesk(rootSeed, identities)),
    identities,
    cards: await read(FILES.cards, parseIssuedCards),
  };
}

/** True when others than the owner may look into the folder; never on systems without such modes. */
export async function isOpenToOthers(folder: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await lstat(folder)).mode & 0o077) !== 0;
}

/** Replaces the list of identities, durably, before a card names a new one. */
export async function writeIdentities(folder: string, identities: readonly DatedIdentity[]): Promise<void> {
  await replace(folder, FILES.identities, identitiesText(identities));
}

/** Replaces the list of issued cards, durably, before the card leaves the desk. */
export async function writeIssuedCards(folder: string, cards: readonly IssuedCard[]): Promise<void> {
  await replace(folder, FILES.cards, issuedCardsText(cards));
}

/** Runs `work` while no other desk changes the folder. Failure `keys-busy`. */
export async function withKeyLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, '.lock');
  let taken: boolean;
  try {
    taken = await takeLock(lock);
  } catch (error) {
    const reason = systemCode(error);
    if (reason === 'ENOENT' || reason === 'ENOTDIR') throw new Failure('keys-missing', { folder });
    throw new Failure('keys-unwritable', { folder, reason: reason ?? 'unknown' });
  }
  if (!taken) throw new Failure('keys-busy', { folder, lock });
  try {
    return await work();
  } finally {
    await releaseLock(lock);
  }
}

async function replace(folder: string, file: string, text: string): Promise<void> {
  try {
    await replaceFile(join(folder, file), text);
    await syncFolder(folder);
  } catch (error) {
    throw new Failure('keys-unwritable', { folder, reason: systemCode(error) ?? 'unknown' });
  }
}

async function isAbsentOrEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    return systemCode(error) === 'ENOENT';
  }
}
