/** Makes a proof folder: the shown chunks of one file, and what ties them to the desk's statement. The file is read once, and must be what was received. */
import { mkdir, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { utf8Decode, utf8Encode } from '../../shared/bytes/utf8.ts';
import { asset } from '../assets.ts';
import { syncFolder, writeNew } from '../durable.ts';
import { Failure } from '../failure.ts';
import type { Bar } from '../terminal/progress.ts';
import type { BoundFile } from './bound-bag.ts';
import { openChunks } from './chunk-reader.ts';
import { buildTree, chunkCount, leafHash, shownAmong } from './chunk-tree.ts';
import { formatClipProof } from './clip-proof.ts';
import type { Clip, ClipProof, OpenedName, OpenedValue } from './clip-proof.ts';
import type { FoundReceipt } from './find-receipt.ts';
import { PROOF_FILES } from './proof-files.ts';
import { proofReadme } from './proof-texts.ts';
import { shownChunks } from './shown-chunks.ts';
import type { Span } from './span/span.ts';
import { writingTo } from '../writing-to.ts';

export interface ProofOrder {
  /** The file in the bag, and what binds it. */
  readonly path: string;
  readonly bound: BoundFile;
  readonly clips: readonly Clip[];
  /** The times that they were found for; the folder tells where the file plays. */
  readonly spans: readonly Span[];
  /** What is told besides the bytes. */
  readonly open: ReadonlySet<OpenedName>;
  readonly deskNote: string;
  /** The server's receipt and the card that names its key, to show the day of receipt. */
  readonly receipt: FoundReceipt | null;
  /** A folder that must not exist yet. */
  readonly out: string;
  readonly bar: Bar;
}

/** Writes the proof. Failures `out-exists`, `out-full`, `out-unwritable`, `proof-file-unreadable`, `proof-file-changed`. */
export async function proveClip(order: ProofOrder): Promise<void> {
  const { out, bound, deskNote, receipt, spans } = order;
  await writingTo(out, () => mkdir(out, { mode: 0o700 }));
  try {
    const { salts, chunksBeside } = await showChunks(order);
    const proof = formatClipProof({
      index: bound.index,
      file: bound.blind,
      filesBeside: bound.beside,
      opened: openedOf(order),
      clips: order.clips,
      salts,
      chunksBeside,
    });
    const texts = new Map<string, string>([
      [PROOF_FILES.statement, bound.note],
      [PROOF_FILES.desk, deskNote],
      [PROOF_FILES.readme, proofReadme(spans)],
      [PROOF_FILES.verifier, utf8Decode(await asset('clip-check'))],
    ]);
    if (receipt !== null) texts.set(PROOF_FILES.card, receipt.card).set(PROOF_FILES.receipt, receipt.receipt);
    if (receipt !== null && receipt.log !== null) texts.set(PROOF_FILES.log, receipt.log);
    texts.set(PROOF_FILES.proof, proof);
    await writingTo(out, async () => {
      for (const [name, text] of texts) await writeNew(join(out, name), text);
      await syncFolder(out);
    });
  } catch (error) {
    await rm(out, { recursive: true, force: true });
    throw error;
  }
}

async function showChunks({
  path,
  bound,
  clips,
  out,
  bar,
}: ProofOrder): Promise<Pick<ClipProof, 'salts' | 'chunksBeside'>> {
  const secrets = bound.secrets.file(bound.index);
  const chunks = new Set(shownChunks(clips));
  const salts: Uint8Array[] = [];
  const chunksBeside: Uint8Array[] = [];
  const changed = new Failure('proof-file-changed', { path });
  const shown = await writingTo(out, () => open(join(out, PROOF_FILES.shown), 'wx', 0o600));
  const reader = await openChunks(path).catch(async (error: unknown) => {
    await shown.close();
    throw error;
  });
  try {
    if (reader.size !== bound.file.size) throw changed;
    let done = 0;
    const root = await buildTree(
      chunkCount(reader.size),
      async (index) => {
        const chunk = await reader.next();
        bar.update((done += chunk.length));
        const salt = secrets.chunk(index);
        if (chunks.has(index)) {
          await writingTo(out, () => writeAll(shown, chunk));
          salts.push(salt);
        }
        return leafHash(salt, chunk);
      },
      shownAmong([...chunks]),
      (hash) => void chunksBeside.push(hash),
    );
    if (toHex(root) !== bound.file.chunks || reader.sha256() !== bound.file.sha256) throw changed;
    await writingTo(out, () => shown.sync());
    return { salts, chunksBeside };
  } finally {
    await reader.close();
    await shown.close();
  }
}

function openedOf({ bound, open: names }: ProofOrder): Partial<Record<OpenedName, OpenedValue>> {
  const { secrets, index, file, parcel, seal } = bound;
  const own = secrets.file(index);
  return {
    ...(names.has('name') ? { name: { salt: own.name, value: utf8Encode(file.path) } } : {}),
    ...(names.has('sha256') ? { sha256: { salt: own.sha256, value: fromHex(file.sha256, 32) } } : {}),
    ...(names.has('parcel') ? { parcel: { salt: secrets.parcel, value: fromHex(parcel, 16) } } : {}),
    ...(names.has('seal') && seal !== null ? { seal: { salt: secrets.seal, value: fromHex(seal, 32) } } : {}),
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}
