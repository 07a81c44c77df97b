/**
 * Checks a proof folder with nothing but the root key. verify_clip.py does the same without a line of this: both refuse the same proofs, for the
 * same reason.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '../../shared/bytes/hex.ts';
import { utf8Decode } from '../../shared/bytes/utf8.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { openCard } from '../../shared/statements/card.ts';
import { openDeskStatement } from '../../shared/statements/desk.ts';
import { openReceipt } from '../../shared/statements/receipt.ts';
import { openLogProof } from '../../shared/tlog/log-proof.ts';
import { READ_ONLY } from '../read-only.ts';
import { systemCode } from '../failure.ts';
import { CHUNK, chunkCount, leafHash, rebuildTree, shownAmong } from './chunk-tree.ts';
import { ClipFault } from './clip-fault.ts';
import type { ClipFaultCode } from './clip-fault.ts';
import { fileLeaf } from './clip-file.ts';
import { parseClipProof } from './clip-proof.ts';
import type { Clip, ClipProof, OpenedName } from './clip-proof.ts';
import { blinded } from './clip-secrets.ts';
import { openClipStatement } from './clip-statement.ts';
import type { ClipStatement } from './clip-statement.ts';
import { MAX_NOTE_BYTES, MAX_PROOF_BYTES, PROOF_FILES, readSmall } from './proof-files.ts';
import { chunkLength, clipsFit, countShown, shownChunks } from './shown-chunks.ts';

/** What a proof that holds has shown. */
export interface ProvedClip {
  readonly desk: string;
  readonly day: string;
  readonly size: number;
  readonly clips: readonly Clip[];
  /** As far as the proof opens them. */
  readonly name: string | null;
  readonly sha256: string | null;
  readonly parcel: string | null;
  readonly seal: string | null;
  /** The day on which the server had the parcel, by its receipt; null without one. */
  readonly received: string | null;
  /** Where the receipt stands in the server's log; null where that is not among what is proved. */
  readonly logged: {
    readonly origin: string;
    readonly index: number;
    readonly size: number;
    readonly root: string;
  } | null;
}

/** Takes the bytes that are proved, chunk by chunk, with their place in the file. They are good only when {@link verifyClip} is fulfilled. */
export type TakeChunk = (clips: readonly Clip[], offset: number, bytes: Uint8Array) => Promise<void>;

/** Checks the proof in `folder` against the organisation's root key. Throws {@link ClipFault}. */
export async function verifyClip(folder: string, rootKey: Uint8Array, take?: TakeChunk): Promise<ProvedClip> {
  const proof = await judged('proof', async () =>
    parseClipProof(await textOf(folder, PROOF_FILES.proof, MAX_PROOF_BYTES)),
  );
  const desk = await judged('desk', async () =>
    openDeskStatement(await textOf(folder, PROOF_FILES.desk, MAX_NOTE_BYTES), rootKey),
  );
  const statement = await judged('statement', async () =>
    openClipStatement(await textOf(folder, PROOF_FILES.statement, MAX_NOTE_BYTES), desk.key),
  );
  await checkFile(proof, statement);
  const { size } = proof.file;
  if (!clipsFit(proof.clips, size) || proof.salts.length !== countShown(proof.clips)) throw new ClipFault('clips');
  await checkChunks(join(folder, PROOF_FILES.shown), proof, take);
  const values = checkOpened(proof, statement);
  return {
    desk: desk.desk,
    day: statement.day,
    size,
    clips: proof.clips,
    ...values,
    ...(await checkReceived(folder, rootKey, values)),
  };
}

async function checkFile({ index, file, filesBeside }: ClipProof, { files, tree }: ClipStatement): Promise<void> {
  if (index >= files) throw new ClipFault('file');
  const root = await judged('file', () =>
    rebuildTree(files, () => Promise.resolve(fileLeaf(file)), shownAmong([index]), filesBeside),
  );
  if (toHex(root) !== tree) throw new ClipFault('file');
}

async function checkChunks(path: string, proof: ClipProof, take: TakeChunk | undefined): Promise<void> {
  const { file, clips, salts, chunksBeside } = proof;
  const chunks = shownChunks(clips);
  const bytes = chunks.reduce((sum, chunk) => sum + chunkLength(chunk, file.size), 0);
  const shown = await openShown(path, bytes);
  try {
    let at = 0;
    let next = 0;
    const leaf = async (chunk: number): Promise<Uint8Array> => {
      const content = await readExactly(shown, at, chunkLength(chunk, file.size));
      at += content.length;
      await take?.(clips, chunk * CHUNK, content);
      return leafHash(salts[next++]!, content);
    };
    const root = await judged('bytes', () =>
      rebuildTree(chunkCount(file.size), leaf, shownAmong(chunks), chunksBeside),
    );
    if (toHex(root) !== file.chunks) throw new ClipFault('bytes');
  } finally {
    await shown.close();
  }
}

async function openShown(path: string, bytes: number): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, READ_ONLY);
  } catch {
    throw new ClipFault('bytes');
  }
  const stat = await file.stat();
  if (stat.isFile() && stat.size === bytes) return file;
  await file.close();
  throw new ClipFault('bytes');
}

async function readExactly(file: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const into = Buffer.allocUnsafe(length);
  for (let have = 0; have < length;) {
    const { bytesRead } = await file.read(into, have, length - have, from + have).catch((error: unknown) => {
      throw systemCode(error) === null ? error : new ClipFault('bytes');
    });
    if (bytesRead === 0) throw new ClipFault('bytes');
    have += bytesRead;
  }
  return into;
}

type OpenedTexts = Readonly<Record<OpenedName, string | null>>;

/** The values that the proof opens, once each fits what is blinded. */
function checkOpened({ opened, file }: ClipProof, { parcel, seal }: ClipStatement): OpenedTexts {
  const bound: Readonly<Record<OpenedName, string | null>> = { name: file.name, sha256: file.sha256, parcel, seal };
  const valueOf = (name: OpenedName): Uint8Array | null => {
    const open = opened[name];
    if (open === undefined) return null;
    if (blinded(open.salt, open.value) !== bound[name]) throw new ClipFault('opened');
    return open.value;
  };
  const hexOf = (name: OpenedName): string | null => {
    const value = valueOf(name);
    return value === null ? null : toHex(value);
  };
  const name = valueOf('name');
  let path: string | null;
  try {
    path = name === null ? null : utf8Decode(name);
  } catch {
    throw new ClipFault('opened');
  }
  return { name: path, sha256: hexOf('sha256'), parcel: hexOf('parcel'), seal: hexOf('seal') };
}

/** The day of the receipt that lies beside, which must be for the parcel and seal that are opened, and its place in the log. */
async function checkReceived(
  folder: string,
  rootKey: Uint8Array,
  { parcel, seal }: OpenedTexts,
): Promise<Pick<ProvedClip, 'received' | 'logged'>> {
  const small = (name: string) => readSmall(join(folder, name), MAX_NOTE_BYTES);
  const [card, receipt, log] = [
    await small(PROOF_FILES.card),
    await small(PROOF_FILES.receipt),
    await small(PROOF_FILES.log),
  ];
  if (card === null && receipt === null) {
    if (log !== null) throw new ClipFault('log');
    return { received: null, logged: null };
  }
  if (card === null || receipt === null) throw new ClipFault('receipt');
  const { said, note, receiptKey } = await judged('receipt', async () => {
    const key = (await openCard(utf8Decode(card), rootKey)).receiptKey;
    const text = utf8Decode(receipt);
    return { said: await openReceipt(text, key), note: text, receiptKey: key };
  });
  if (said.parcel !== parcel || said.root !== seal) throw new ClipFault('receipt');
  if (log === null) return { received: said.received, logged: null };
  const { index, checkpoint } = await judged('log', () => openLogProof(utf8Decode(log), note, receiptKey));
  const { origin, size, root } = checkpoint;
  return { received: said.received, logged: { origin, index, size, root: toHex(root) } };
}

async function textOf(folder: string, name: string, most: number): Promise<string> {
  const bytes = await readSmall(join(folder, name), most);
  if (bytes === null) throw new ClipFault('missing');
  return utf8Decode(bytes);
}

async function judged<T>(code: ClipFaultCode, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isProblem(error)) throw new ClipFault(code);
    throw error;
  }
}
