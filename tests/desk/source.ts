/** A source as the desk meets it: keys of a codename, parcels in a bundle, and what it reads of a reply with stock age and tar. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Decrypter } from 'age-encryption';
import { hybridIdentityFromSeed } from '../../shared/age/identity.ts';
import { recipientOf } from '../../shared/age/identity.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { lateBytes } from '../../shared/parcel/late-bytes.ts';
import { createLayout } from '../../shared/parcel/layout.ts';
import { makeParcelOf } from '../kit/make-parcel.ts';
import type { Drop, MadeParcel, ParcelOptions } from '../kit/make-parcel.ts';
import { fill, sha256 } from '../kit/parcel-stream.ts';

const run = promisify(execFile);

export interface Source {
  readonly mailbox: SigningKey;
  /** The mailbox key, base64url. */
  readonly key: string;
  readonly replyIdentity: string;
  readonly replyRecipient: string;
}

/** A source with keys as a codename gives them. */
export async function makeSource(): Promise<Source> {
  const mailbox = await ed25519FromSeed(new Uint8Array(randomBytes(32)));
  const replyIdentity = hybridIdentityFromSeed(new Uint8Array(randomBytes(32)));
  const replyRecipient = await recipientOf(replyIdentity);
  return { mailbox, key: toBase64Url(mailbox.publicKey), replyIdentity, replyRecipient };
}

export interface SendOptions extends Omit<ParcelOptions, 'size' | 'read'> {
  readonly message?: string | null;
  readonly files?: readonly { readonly path: string; readonly content: Uint8Array }[];
  /** What bag-info.txt says instead of the truth. */
  readonly claims?: { readonly sender?: string; readonly replyRecipient?: string | null };
}

/** Puts a submission of this source into the bundle. */
export async function send(drop: Drop, source: Source, options: SendOptions = {}): Promise<MadeParcel> {
  const {
    message = 'Здравствуйте',
    files = [],
    claims = {},
    parcel = randomBytes(16).toString('hex'),
    ...rest
  } = options;
  const day = options.day ?? '2026-11-24';
  const layout = createLayout({
    parcel,
    day,
    sender: claims.sender ?? source.key,
    replyRecipient: claims.replyRecipient === undefined ? source.replyRecipient : claims.replyRecipient,
    message,
    messageModified: Date.parse(day),
    files: files.map(({ path, content }) => ({ path, size: content.length, modified: 0 })),
  });
  const contents = [...(message === null ? [] : [utf8Encode(message)]), ...files.map(({ content }) => content)];
  const late = await lateBytes(
    layout,
    contents.map((content) => ({ sha256: sha256(content), status: 'whole' })),
  );
  const stream = fill(layout.piecesIn(0, layout.paddedSize), contents, late);
  return makeParcelOf(drop, stream, { parcel, mailbox: source.mailbox, ...rest });
}

/** Opens a reply with the age-encryption package, tar and sha256sum alone; the bag's folder comes back, to be removed by the test. */
export async function openWithStockTools(folder: string, identity: string): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), 'postern-reply-'));
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const parts = (await readdir(folder)).filter((name) => name.endsWith('.age')).toSorted();
  const plain: Uint8Array[] = [];
  for (const part of parts) plain.push(await decrypter.decrypt(await readFile(join(folder, part))));
  const tar = join(work, 'reply.tar');
  await writeFile(tar, Buffer.concat(plain));
  await run('tar', ['xf', tar, '-C', work]);
  await rm(tar);
  const [bag] = await readdir(work);
  const inside = join(work, bag!);
  for (const manifest of ['tagmanifest-sha256.txt', 'manifest-sha256.txt'])
    await run('sha256sum', ['--check', '--strict', '--quiet', manifest], { cwd: inside });
  return inside;
}
