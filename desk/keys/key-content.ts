/** What a key folder holds, secrets included: only the files of this room and the ceremony see it; everyone else has Keys, which sign and do not tell. */
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { Failure } from '../failure.ts';
import type { FailureCode } from '../failure.ts';
import type { DatedIdentity, IssuedCard, Organisation } from './key-texts.ts';
import { mainDesk } from './main-desk.ts';

/** A signing key: its seed, or only its public half where another desk holds it. */
export type SeedOrPublic = { readonly seed: Uint8Array } | { readonly publicKey: Uint8Array };

export interface KeyContent {
  readonly organisation: Organisation;
  readonly root: SeedOrPublic;
  /** Null at a team's desk that has accepted no grant yet. */
  readonly reply: SeedOrPublic | null;
  /** A team's desk has a key of its own and, once granted, the root key's statement about it; null at the desk that has the root key. */
  readonly team: { readonly desk: Uint8Array; readonly deskNote: string | null } | null;
  readonly identities: readonly DatedIdentity[];
  readonly cards: readonly IssuedCard[];
}

/** The content of a folder that can be worked with. */
export interface GrantedContent extends KeyContent {
  readonly reply: SeedOrPublic;
  readonly team: { readonly desk: Uint8Array; readonly deskNote: string } | null;
}

/** The same content, once the main desk's grant is in it. Failure `keys-no-grant`. */
export function granted(content: KeyContent): GrantedContent {
  const { reply, team } = content;
  if (reply === null || team?.deskNote === null) throw new Failure('keys-no-grant');
  return { ...content, reply, team: team === null ? null : { desk: team.desk, deskNote: team.deskNote } };
}

/** Everything in a key folder. */
export interface Keys {
  readonly organisation: Organisation;
  /** At a team's desk only its public half is here, and signing is the failure `keys-no-root`. */
  readonly root: SigningKey;
  /** As `root`; `keys-no-reply`. */
  readonly reply: SigningKey;
  /** True where replies can be signed. */
  readonly canReply: boolean;
  /** Signs the custody records of this desk. */
  readonly desk: SigningKey;
  /** The root key's statement that `desk` is one of its desks: a note to open with `openDeskStatement`. */
  readonly deskNote: string;
  readonly identities: readonly DatedIdentity[];
  readonly cards: readonly IssuedCard[];
}

/** The keys in a folder, ready to sign. Failure `keys-no-grant`. */
export async function keysOf(content: KeyContent): Promise<Keys> {
  const { organisation, root, reply, team, identities, cards } = granted(content);
  return {
    organisation,
    root: await signer(root, 'keys-no-root'),
    reply: await signer(reply, 'keys-no-reply'),
    canReply: 'seed' in reply,
    ...(team === null
      ? await mainDesk(seedOf(root, 'keys-no-root'), identities)
      : { desk: await ed25519FromSeed(team.desk), deskNote: team.deskNote }),
    identities,
    cards,
  };
}

/** The seed of a key, or the failure that says that it is not here. */
export function seedOf(key: SeedOrPublic, absent: FailureCode): Uint8Array {
  if ('seed' in key) return key.seed;
  throw new Failure(absent);
}

/** The public half of a key. */
export async function publicKeyOf(key: SeedOrPublic): Promise<Uint8Array> {
  return 'seed' in key ? (await ed25519FromSeed(key.seed)).publicKey : key.publicKey;
}

async function signer(key: SeedOrPublic, absent: FailureCode): Promise<SigningKey> {
  if ('seed' in key) return ed25519FromSeed(key.seed);
  return { publicKey: key.publicKey, sign: () => Promise.reject(new Failure(absent)) };
}
