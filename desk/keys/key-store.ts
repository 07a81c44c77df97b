/** A key folder that may be changed: its whole content, and what replaces one file of it at a time, durably, the old one overwritten where it held secrets. */
import { join } from 'node:path';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { utf8Decode } from '../../shared/bytes/utf8.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { destroyFile, replaceFile, replaceSecret, syncFolder } from '../durable.ts';
import { Failure, systemCode } from '../failure.ts';
import type { KeyContent, SeedOrPublic } from './key-content.ts';
import {
  issuedCardsText,
  organisationText,
  parseIssuedCards,
  parseOrganisation,
  parseSeed,
  seedText,
} from './key-texts.ts';
import type { DatedIdentity, IssuedCard, SeedName } from './key-texts.ts';
import { askPassphrase } from './passphrase.ts';
import type { Asking } from './passphrase.ts';
import {
  createLock,
  identitiesFile,
  parsed,
  PLAIN_IDENTITIES,
  readOptional,
  readSecrets,
  SEALED_IDENTITIES,
  SEALED_SEEDS,
  SEED_FILES,
  seedFiles,
} from './secret-files.ts';
import type { Lock, SeedFile, Seeds } from './secret-files.ts';

const ORGANISATION = 'organisation.txt';
const CARDS = 'cards.txt';
const DESK_NOTE = 'desk.note';

export interface KeyStore {
  readonly content: KeyContent;
  /** Replaces the list of identities, before a card names a new one. Failure `keys-unwritable`; so for all. */
  saveIdentities(identities: readonly DatedIdentity[]): Promise<void>;
  /** Replaces the list of issued cards, before the card leaves the desk. */
  saveCards(cards: readonly IssuedCard[]): Promise<void>;
  /** Puts what the main desk granted into the folder of a team: `granted` differs in organisation, reply key, statement and cards. */
  saveGrant(granted: KeyContent, random: Random): Promise<void>;
  /** Puts the secrets under another passphrase, or under none. */
  savePassphrase(passphrase: string | null, random: Random): Promise<void>;
}

/** Reads a key folder. Failures `keys-missing`, `keys-unreadable`, `keys-damaged` (with the file's name), `passphrase-…`. */
export async function openKeyStore(folder: string, asking: Asking): Promise<KeyStore> {
  const organisationFile = await readOptional(folder, ORGANISATION);
  if (organisationFile === null) throw new Failure('keys-missing', { folder });
  const organisation = parsed(folder, ORGANISATION, () => parseOrganisation(utf8Decode(organisationFile)));
  const { lock, seeds, identities } = await readSecrets(
    folder,
    () => askPassphrase(folder, asking),
    asking.passphraseWork,
  );
  const text = async (file: string): Promise<string> => {
    const bytes = await readOptional(folder, file);
    if (bytes === null) throw new Failure('keys-file-missing', { folder, file });
    return parsed(folder, file, () => utf8Decode(bytes));
  };
  const keyOrNull = async (file: SeedFile, name: SeedName, publicFile: string): Promise<SeedOrPublic | null> => {
    const seed = seeds[file];
    if (seed !== undefined) return { seed: parsed(folder, file, () => parseSeed(name, seed)) };
    if ((await readOptional(folder, publicFile)) === null) return null;
    const line = await text(publicFile);
    return { publicKey: parsed(folder, publicFile, () => fromBase64Url(line.trimEnd(), 32)) };
  };
  const key = async (...[file, name, publicFile]: Parameters<typeof keyOrNull>): Promise<SeedOrPublic> => {
    const found = await keyOrNull(file, name, publicFile);
    if (found === null) throw new Failure('keys-file-missing', { folder, file: `${file} or ${publicFile}` });
    return found;
  };
  const desk = seeds['desk.key'];
  const noGrant = desk !== undefined && (await readOptional(folder, DESK_NOTE)) === null;
  const content: KeyContent = {
    organisation,
    root: await key('root.key', 'postern-root-key', 'root.pub'),
    reply: await (noGrant ? keyOrNull : key)('reply.key', 'postern-reply-key', 'reply.pub'),
    team:
      desk === undefined
        ? null
        : {
            desk: parsed(folder, 'desk.key', () => parseSeed('postern-desk-key', desk)),
            deskNote: noGrant ? null : await text(DESK_NOTE),
          },
    identities,
    cards: await text(CARDS).then((cards) => parsed(folder, CARDS, () => parseIssuedCards(cards))),
  };
  return storeOf(folder, content, { lock, passphraseWork: asking.passphraseWork });
}

/** How the secrets of a new folder are kept. */
export interface Sealing {
  readonly passphrase: string | null;
  readonly random: Random;
  readonly passphraseWork?: number;
}

/** The files of a folder with this content. */
export async function filesOf(
  content: KeyContent,
  { passphrase, random, passphraseWork }: Sealing,
): Promise<readonly (readonly [name: string, content: string | Uint8Array])[]> {
  const lock = passphrase === null ? null : await createLock(passphrase, content.organisation.kind, passphraseWork);
  return [
    ...(await seedFiles(lock, seedsOf(content), random)),
    await identitiesFile(lock, content.identities),
    ...publicFiles(content),
  ];
}

/** The files that hold no secret. The statement comes last: where it is, the grant is whole. */
function publicFiles({ organisation, root, reply, team, cards }: KeyContent): readonly (readonly [string, string])[] {
  const half = (name: string, key: SeedOrPublic | null) =>
    key === null || 'seed' in key ? [] : [[name, `${toBase64Url(key.publicKey)}\n`] as const];
  return [
    [ORGANISATION, organisationText(organisation)],
    [CARDS, issuedCardsText(cards)],
    ...half('root.pub', root),
    ...half('reply.pub', reply),
    ...(team === null || team.deskNote === null ? [] : [[DESK_NOTE, team.deskNote] as const]),
  ];
}

function seedsOf({ root, reply, team }: KeyContent): Seeds {
  return {
    ...('seed' in root ? { 'root.key': seedText('postern-root-key', root.seed) } : {}),
    ...(reply !== null && 'seed' in reply ? { 'reply.key': seedText('postern-reply-key', reply.seed) } : {}),
    ...(team === null ? {} : { 'desk.key': seedText('postern-desk-key', team.desk) }),
  };
}

function storeOf(
  folder: string,
  content: KeyContent,
  { lock, passphraseWork }: { lock: Lock | null; passphraseWork: number | undefined },
): KeyStore {
  const changing = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      await syncFolder(folder);
    } catch (error) {
      throw new Failure('keys-unwritable', { folder, reason: systemCode(error) ?? 'unknown' });
    }
  };
  return {
    content,
    saveIdentities: async (identities) => {
      const [name, file] = await identitiesFile(lock, identities);
      await changing(() => replaceSecret(join(folder, name), file));
    },
    saveCards: (cards) => changing(() => replaceFile(join(folder, CARDS), issuedCardsText(cards))),
    saveGrant: async (granted, random) => {
      const seeds = await seedFiles(lock, seedsOf(granted), random);
      await changing(async () => {
        for (const [name, file] of seeds) await replaceSecret(join(folder, name), file);
        for (const [name, file] of publicFiles(granted)) await replaceFile(join(folder, name), file);
        const hasReply = granted.reply !== null && 'seed' in granted.reply;
        await destroyFile(join(folder, hasReply ? 'reply.pub' : 'reply.key'));
      });
    },
    savePassphrase: async (passphrase, random) => {
      // The identity that guards the seeds stays, so that one file decides which passphrase it is.
      const next =
        passphrase === null
          ? null
          : lock === null
            ? await createLock(passphrase, content.organisation.kind, passphraseWork)
            : { ...lock, passphrase };
      const seeds = next !== null && lock !== null ? [] : await seedFiles(next, seedsOf(content), random);
      const [name, file] = await identitiesFile(next, content.identities);
      await changing(async () => {
        for (const [seedName, seed] of seeds) await replaceSecret(join(folder, seedName), seed);
        await replaceSecret(join(folder, name), file);
        await syncFolder(folder);
        // Where identities.age is, it is what counts: so it is written last, and taken away first.
        const old =
          next === null ? (lock === null ? [] : [SEALED_IDENTITIES, SEALED_SEEDS]) : [PLAIN_IDENTITIES, ...SEED_FILES];
        for (const gone of old) await destroyFile(join(folder, gone));
      });
    },
  };
}
