/** A source without a browser: sends a folder as one parcel over the real API, as docs/protocol.md says and no more. */
import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { nodeCipher } from '../../desk/node-cipher.ts';
import { encryptFile } from '../../shared/age/file.ts';
import { fromBase64Url, toBase64, toBase64Url } from '../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { deriveCodename } from '../../shared/codename/derive.ts';
import { drawCodename } from '../../shared/codename/draw.ts';
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import { lateBytes } from '../../shared/parcel/late-bytes.ts';
import type { PayloadResult } from '../../shared/parcel/late-bytes.ts';
import { createLayout } from '../../shared/parcel/layout.ts';
import type { Layout } from '../../shared/parcel/layout.ts';
import { partCount, partRange } from '../../shared/parcel/parts.ts';
import { CARD_ROUTE, PARCELS_ROUTE, partRoute, sealRoute } from '../../shared/protocol/routes.ts';
import { openCard, recipientsOn } from '../../shared/statements/card.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';
import { signOpening } from '../../shared/statements/opening.ts';
import { signPartStatement } from '../../shared/statements/part-statement.ts';
import { signSeal } from '../../shared/statements/seal.ts';
import { postWorking } from './solve-work.ts';

const MIB = 1_048_576;

export interface SendOptions {
  /** Address of the source listener. */
  readonly source: string;
  readonly rootKey: string;
  readonly folder: string;
  readonly message?: string;
  /** Default 1 MiB: many parts from little. */
  readonly partSize?: number;
  /** Only these parts, and no seal: an unfinished parcel. */
  readonly only?: readonly number[];
  /** Called once each part has been acknowledged: something may happen in the middle. */
  readonly afterPart?: (part: number) => Promise<void>;
  /** Of a codename that sent before; a fresh one otherwise. */
  readonly keys?: CodenameKeys;
}

export interface Sent {
  readonly parcel: string;
  readonly parts: number;
  readonly receipt: string | null;
  /** Of the codename that it was sent under. */
  readonly keys: CodenameKeys;
}

/** Sends everything below a folder. Throws on any answer that is not the expected one. */
export async function sendParcel(options: SendOptions): Promise<Sent> {
  const { source, partSize = MIB } = options;
  const rootKey = fromBase64Url(options.rootKey, 32);
  const day = new Date().toISOString().slice(0, 10);
  const card = await openCard(await (await ask(source + CARD_ROUTE)).text(), rootKey);
  const words = drawCodename((length) => randomBytes(length));
  const keys = options.keys ?? (await deriveCodename({ words, rootKey, rounds: 1000 }));
  const parcel = toHex(randomBytes(16));
  const files = await listFiles(options.folder);
  const layout = createLayout({
    parcel,
    day,
    sender: toBase64Url(keys.mailbox.publicKey),
    replyRecipient: keys.replyRecipient,
    message: options.message ?? null,
    messageModified: Date.now(),
    files,
  });
  const parts = partCount(layout.paddedSize, partSize);
  const opening = { parcel, mailbox: keys.mailbox.publicKey, card: card.serial, partSize, size: layout.paddedSize };
  await post(source + PARCELS_ROUTE, { opening: await signOpening(opening, keys.mailbox) });

  const paths = files.map(({ path }) => join(options.folder, path));
  const message = options.message === undefined ? null : utf8Encode(options.message);
  const late = await lateBytes(layout, await hashAll(paths, message));
  const recipients = recipientsOn(card, day);
  const hashes: Uint8Array[] = [];
  for (let part = 0; part < parts; part++) {
    if (options.only !== undefined && !options.only.includes(part)) continue;
    const { from, to } = partRange(part, layout.paddedSize, partSize);
    const plaintext = await plaintextOf(layout, late, paths, message, from, to);
    const random = (length: number) => randomBytes(length);
    const file = await encryptFile({ plaintext, recipients, provider: nodeCipher, random });
    hashes.push(fromHex(await sendPart(source, keys, parcel, part, file), 32));
    await options.afterPart?.(part);
  }
  if (options.only !== undefined) return { parcel, parts, receipt: null, keys };
  const root = toHex(await merkleRoot(hashes));
  const answer = await post(source + sealRoute(parcel), {
    seal: await signSeal({ parcel, partSize, parts, root }, keys.mailbox),
  });
  return { parcel, parts, receipt: ((await answer.json()) as { receipt: string }).receipt, keys };
}

async function sendPart(source: string, keys: CodenameKeys, parcel: string, part: number, file: Uint8Array) {
  const sha256 = createHash('sha256').update(file).digest('hex');
  const statement = await signPartStatement({ parcel, part, size: file.length, sha256 }, keys.mailbox);
  await ask(source + partRoute(parcel, part), {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(file.length),
      'upload-metadata': `statement ${toBase64(utf8Encode(statement))}`,
      'content-type': 'application/offset+octet-stream',
    },
    body: Buffer.from(file),
  });
  return sha256;
}

async function listFiles(folder: string) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.sort().map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return { path: relative(folder, path), size, modified: Math.floor(mtimeMs) };
    }),
  );
}

async function hashAll(paths: readonly string[], message: Uint8Array | null) {
  const results: PayloadResult[] = [];
  if (message !== null) results.push({ sha256: createHash('sha256').update(message).digest(), status: 'whole' });
  for (const path of paths) {
    const hash = createHash('sha256');
    const file = await open(path);
    for await (const piece of file.createReadStream({ highWaterMark: MIB })) hash.update(piece as Uint8Array);
    results.push({ sha256: hash.digest(), status: 'whole' });
  }
  return results;
}

async function plaintextOf(
  layout: Layout,
  late: Awaited<ReturnType<typeof lateBytes>>,
  paths: readonly string[],
  message: Uint8Array | null,
  from: number,
  to: number,
): Promise<Uint8Array> {
  const plaintext = new Uint8Array(to - from);
  let at = 0;
  for (const piece of layout.piecesIn(from, to)) {
    if (piece.kind === 'zeros') {
      at += piece.length;
      continue;
    }
    if (piece.kind === 'bytes') plaintext.set(piece.bytes, at);
    else if (piece.kind === 'late') plaintext.set(late[piece.name].subarray(piece.from, piece.to), at);
    else if (message !== null && piece.index === 0) plaintext.set(message.subarray(piece.from, piece.to), at);
    else {
      const file = await open(paths[piece.index - (message === null ? 0 : 1)]!);
      await file.read(plaintext, at, piece.to - piece.from, piece.from);
      await file.close();
    }
    at += piece.kind === 'bytes' ? piece.bytes.length : piece.to - piece.from;
  }
  return plaintext;
}

async function post(url: string, body: unknown): Promise<Response> {
  return good(await postWorking(url, body));
}

async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  return good(await fetch(url, init));
}

async function good(response: Response): Promise<Response> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return response;
}
