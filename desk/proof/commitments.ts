/**
 * Binds every file of an extracted bag, chunk by chunk, in one signed statement, so that a clip of one can be proved later without showing the
 * rest. Reads each file once; memory does not grow with it.
 */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { systemCode, Failure } from '../failure.ts';
import type { Bar } from '../terminal/progress.ts';
import { openChunks } from './chunk-reader.ts';
import { buildTree, chunkCount, leafHash } from './chunk-tree.ts';
import { blindFile, fileLeaf } from './clip-file.ts';
import type { ClipFile } from './clip-file.ts';
import { formatClipList } from './clip-list.ts';
import { blinded, clipSecrets } from './clip-secrets.ts';
import type { FileSecrets } from './clip-secrets.ts';
import { signClipStatement } from './clip-statement.ts';

/** Names in the folder `custody` of a bag: the signed statement, the note by which the root key names the desk, and the desk's own list. */
export const CLIP_NOTE = 'clip-commitments.note';
export const CLIP_DESK = 'clip-desk.note';
export const CLIP_LIST = 'clip-list.txt';

/** What {@link commitClips} works on. */
export interface Commitment {
  /** The extracted bag. */
  readonly bag: string;
  readonly parcel: string;
  /** Root of the good seal in hex; null without one. */
  readonly seal: string | null;
  /** The UTC day of the desk's clock. */
  readonly day: string;
  readonly keys: { readonly desk: SigningKey; readonly deskNote: string };
  readonly random: Random;
  /** Told the bytes that are done. */
  readonly bar?: Bar;
}

/**
 * The files to put into `custody/` of the bag: name and content. None when the bag has no file under `data/`.
 * Failures `proof-file-unreadable`, `proof-file-changed`.
 */
export async function commitClips(commitment: Commitment): Promise<readonly { name: string; text: string }[]> {
  const { bag, parcel, seal, day, keys, random, bar } = commitment;
  const paths = await payloadPaths(bag);
  if (paths.length === 0) return [];
  const nonce = toHex(random(16));
  const secrets = await clipSecrets(keys.desk, parcel, nonce);
  const files: ClipFile[] = [];
  let before = 0;
  for (const [index, path] of paths.entries()) {
    const file = await commitFile(join(bag, path), secrets.file(index), (done) => bar?.update(before + done));
    files.push({ path, ...file });
    before += file.size;
  }
  const leaf = (index: number) => Promise.resolve(fileLeaf(blindFile(files[index]!, secrets.file(index))));
  const tree = toHex(await buildTree(files.length, leaf));
  const statement = await signClipStatement(
    {
      day,
      nonce,
      parcel: blinded(secrets.parcel, fromHex(parcel, 16)),
      seal: seal === null ? null : blinded(secrets.seal, fromHex(seal, 32)),
      files: files.length,
      tree,
    },
    keys.desk,
  );
  return [
    { name: CLIP_NOTE, text: statement },
    { name: CLIP_DESK, text: keys.deskNote },
    { name: CLIP_LIST, text: formatClipList({ parcel, seal, files }) },
  ];
}

async function commitFile(
  path: string,
  secrets: FileSecrets,
  update: (done: number) => void,
): Promise<Omit<ClipFile, 'path'>> {
  const reader = await openChunks(path);
  try {
    let done = 0;
    const root = await buildTree(chunkCount(reader.size), async (index) => {
      const chunk = await reader.next();
      done += chunk.length;
      update(done);
      return leafHash(secrets.chunk(index), chunk);
    });
    return { size: reader.size, sha256: reader.sha256(), chunks: toHex(root) };
  } finally {
    await reader.close();
  }
}

/** Paths of the files under `data/`, in one order on every machine. Failure `proof-file-unreadable`. */
async function payloadPaths(bag: string): Promise<string[]> {
  const paths: string[] = [];
  const waiting = ['data'];
  try {
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      for (const name of await readdir(join(bag, folder))) {
        const path = `${folder}/${name}`;
        const stat = await lstat(join(bag, path));
        if (stat.isDirectory()) waiting.push(path);
        else if (stat.isFile()) paths.push(path);
      }
    }
  } catch (error) {
    const reason = systemCode(error);
    if (reason === 'ENOENT' && paths.length === 0) return [];
    throw reason === null ? error : new Failure('proof-file-unreadable', { path: bag, reason });
  }
  return paths.toSorted();
}
