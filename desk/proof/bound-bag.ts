/** The bag that a file lies in, and what this desk once signed about it: everything is checked again before a proof is made of it. */
import { lstat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { utf8Decode } from '../../shared/bytes/utf8.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { Failure } from '../failure.ts';
import { buildTree, shownAmong } from './chunk-tree.ts';
import { blindFile, fileLeaf } from './clip-file.ts';
import type { BlindedFile, ClipFile } from './clip-file.ts';
import { parseClipList } from './clip-list.ts';
import type { ClipList } from './clip-list.ts';
import { blinded, clipSecrets } from './clip-secrets.ts';
import type { ClipSecrets } from './clip-secrets.ts';
import { openClipStatement } from './clip-statement.ts';
import { CLIP_LIST, CLIP_NOTE } from './commitments.ts';
import { MAX_NOTE_BYTES, readSmall } from './proof-files.ts';

/** Most bytes of the desk's list: a million files with long names. */
const MAX_LIST = 512 * 1024 * 1024;

/** A file that a statement of this desk binds. */
export interface BoundFile {
  /** The statement, as signed. */
  readonly note: string;
  readonly parcel: string;
  readonly seal: string | null;
  readonly secrets: ClipSecrets;
  readonly index: number;
  readonly file: ClipFile;
  readonly blind: BlindedFile;
  /** Hashes beside it in the tree of the statement. */
  readonly beside: readonly Uint8Array[];
}

/** Finds what binds `path`. Failures `proof-unbound`, `proof-other-desk`, `proof-damaged`. */
export async function findBoundFile(path: string, desk: SigningKey): Promise<BoundFile> {
  const bag = await bagOf(path);
  const note = await textIn(bag, CLIP_NOTE, MAX_NOTE_BYTES);
  const damaged = new Failure('proof-damaged', { folder: join(bag, 'custody') });
  try {
    const { nonce, tree, parcel, files } = await openClipStatement(note, desk.publicKey);
    const list = parseClipList(await textIn(bag, CLIP_LIST, MAX_LIST));
    const secrets = await clipSecrets(desk, list.parcel, nonce);
    const inBag = relative(bag, resolve(path)).split(sep).join('/');
    const index = list.files.findIndex((file) => file.path === inBag);
    if (index < 0) throw new Failure('proof-unbound', { path });
    const { root, beside } = await treeOf(list, secrets, index);
    if (blinded(secrets.parcel, fromHex(list.parcel, 16)) !== parcel || list.files.length !== files || root !== tree)
      throw damaged;
    const file = list.files[index]!;
    const blind = blindFile(file, secrets.file(index));
    return { note, parcel: list.parcel, seal: list.seal, secrets, index, file, blind, beside };
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw error.code === 'signature-wrong' ? new Failure('proof-other-desk', { folder: bag }) : damaged;
  }
}

async function treeOf(
  { files }: ClipList,
  secrets: ClipSecrets,
  index: number,
): Promise<{ root: string; beside: Uint8Array[] }> {
  const beside: Uint8Array[] = [];
  const root = await buildTree(
    files.length,
    (at) => Promise.resolve(fileLeaf(blindFile(files[at]!, secrets.file(at)))),
    shownAmong([index]),
    (hash) => void beside.push(hash),
  );
  return { root: toHex(root), beside };
}

/** The nearest folder above a file that holds a statement. */
async function bagOf(path: string): Promise<string> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const found = await lstat(join(folder, 'custody', CLIP_NOTE)).catch(() => null);
    if (found !== null) return folder;
    if (dirname(folder) === folder) throw new Failure('proof-unbound', { path });
  }
}

async function textIn(bag: string, name: string, most: number): Promise<string> {
  const bytes = await readSmall(join(bag, 'custody', name), most);
  if (bytes === null) throw new Failure('proof-damaged', { folder: join(bag, 'custody') });
  return utf8Decode(bytes);
}
