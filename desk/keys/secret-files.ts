/**
 * The secrets of a key folder as files. Without a passphrase they are plain texts. With one, `identities.age` is an age file under the passphrase that
 * stock `age -d -i identities.age` takes as an identity file, and `secrets.age` an age file to the first identity in it.
 */
import { join } from 'node:path';
import { decryptFile, encryptFile } from '../../shared/age/file.ts';
import { generateIdentity, recipientOf } from '../../shared/age/identity.ts';
import { decryptWithPassphrase, encryptToPassphrase, PASSPHRASE_WORK } from '../../shared/age/passphrase-file.ts';
import { concat } from '../../shared/bytes/concat.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { utf8Decode, utf8Encode } from '../../shared/bytes/utf8.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { Failure, systemCode } from '../failure.ts';
import { FOLLOWING, readPlain } from '../read-only.ts';
import { nodeCipher } from '../node-cipher.ts';
import { identitiesText, parseIdentities, parseSealedIdentities, sealedIdentitiesText } from './key-texts.ts';
import type { DatedIdentity, RecipientKind } from './key-texts.ts';

/** Names of the files that hold signing seeds where there is no passphrase. */
export const SEED_FILES = ['root.key', 'reply.key', 'desk.key'] as const;
export type SeedFile = (typeof SEED_FILES)[number];
/** Texts of the seed files that a folder has. */
export type Seeds = Readonly<Partial<Record<SeedFile, string>>>;

export const PLAIN_IDENTITIES = 'identities.txt';
export const SEALED_IDENTITIES = 'identities.age';
export const SEALED_SEEDS = 'secrets.age';

/** What opens a folder with a passphrase: the words, and the identity that they guard. */
export interface Lock {
  readonly passphrase: string;
  /** Cost of the passphrase when the file is written. */
  readonly work: number;
  readonly identity: string;
}

/** A lock of its own for a folder. */
export async function createLock(
  passphrase: string,
  kind: RecipientKind,
  work: number = PASSPHRASE_WORK,
): Promise<Lock> {
  return { passphrase, work, identity: await generateIdentity(kind) };
}

/** The file that identities stand in, and its content. */
export async function identitiesFile(
  lock: Lock | null,
  identities: readonly DatedIdentity[],
): Promise<readonly [name: string, content: string | Uint8Array]> {
  if (lock === null) return [PLAIN_IDENTITIES, identitiesText(identities)];
  const text = sealedIdentitiesText(lock.identity, await recipientOf(lock.identity), identities);
  return [SEALED_IDENTITIES, await encryptToPassphrase(utf8Encode(text), lock.passphrase, lock.work)];
}

/** The files that seeds stand in, and their content. */
export async function seedFiles(
  lock: Lock | null,
  seeds: Seeds,
  random: Random,
): Promise<readonly (readonly [name: string, content: string | Uint8Array])[]> {
  const texts = SEED_FILES.flatMap((name) => (seeds[name] === undefined ? [] : ([[name, seeds[name]]] as const)));
  if (lock === null) return texts;
  const plaintext = concat(...texts.map(([, text]) => utf8Encode(text)));
  const recipients = [await recipientOf(lock.identity)];
  return [[SEALED_SEEDS, await encryptFile({ plaintext, recipients, provider: nodeCipher, random })]];
}

/** Reads the secrets; `ask` gives the passphrase where one is needed. Failures `keys-…`, `passphrase-wrong`. */
export async function readSecrets(
  folder: string,
  ask: () => Promise<string>,
  work?: number,
): Promise<{ lock: Lock | null; seeds: Seeds; identities: DatedIdentity[] }> {
  const sealed = await readOptional(folder, SEALED_IDENTITIES);
  if (sealed !== null) return openSealed(folder, sealed, { passphrase: await ask(), work: work ?? PASSPHRASE_WORK });
  const identities = await readOptional(folder, PLAIN_IDENTITIES);
  if (identities === null) throw new Failure('keys-file-missing', { folder, file: PLAIN_IDENTITIES });
  const seeds: Partial<Record<SeedFile, string>> = {};
  for (const name of SEED_FILES) {
    const text = await readOptional(folder, name);
    if (text !== null) seeds[name] = parsed(folder, name, () => utf8Decode(text));
  }
  return {
    lock: null,
    seeds,
    identities: parsed(folder, PLAIN_IDENTITIES, () => parseIdentities(utf8Decode(identities))),
  };
}

async function openSealed(
  folder: string,
  sealed: Uint8Array,
  { passphrase, work }: { passphrase: string; work: number },
): Promise<{ lock: Lock; seeds: Seeds; identities: DatedIdentity[] }> {
  const text = await damaged(folder, SEALED_IDENTITIES, decryptWithPassphrase(sealed, passphrase));
  if (text === null) throw new Failure('passphrase-wrong', { folder });
  const { lock, identities } = parsed(folder, SEALED_IDENTITIES, () => parseSealedIdentities(utf8Decode(text)));
  const file = await readOptional(folder, SEALED_SEEDS);
  const plaintext =
    file === null
      ? null
      : await damaged(folder, SEALED_SEEDS, decryptFile({ file, identities: [lock], provider: nodeCipher }));
  if (plaintext === null) throw new Failure('keys-damaged', { folder, file: SEALED_SEEDS });
  const lines = utf8Decode(plaintext).split(/(?<=\n)/);
  const seeds = Object.fromEntries(
    SEED_FILES.flatMap((name) => {
      const line = lines.find((other) => other.startsWith(`postern-${name.replace('.', '-')} `));
      return line === undefined ? [] : [[name, line]];
    }),
  );
  return { lock: { passphrase, work, identity: lock }, seeds, identities };
}

/** More than any file of a key folder has. */
const MOST = 16 * 1024 * 1024;

/** A file of the folder, or null when it is not there. No pipe is waited for. Failure `keys-unreadable`. */
export async function readOptional(folder: string, file: string): Promise<Uint8Array | null> {
  try {
    const bytes = await readPlain(join(folder, file), MOST, FOLLOWING);
    if (bytes === null) throw new Failure('keys-unreadable', { folder, file, reason: 'not a file of keys' });
    return new Uint8Array(bytes);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = systemCode(error) ?? 'unknown';
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return null;
    throw new Failure('keys-unreadable', { folder, file, reason });
  }
}

/** What `parse` makes of a file's text. Failure `keys-damaged` with the file's name. */
export function parsed<T>(folder: string, file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('keys-damaged', { folder, file });
  }
}

async function damaged<T>(folder: string, file: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw isProblem(error) ? new Failure('keys-damaged', { folder, file }) : error;
  });
}
