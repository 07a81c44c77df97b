/**
 * What a reply holds, from as few of its parts as that takes: its words, and name, size, place and hash of each file. Large files are
 * passed over. Nothing comes out before the whole bag has been checked, as far as it was read.
 */
import { equalBytes } from '../../shared/bytes/equal.ts';
import { concat } from '../../shared/bytes/concat.ts';
import { utf8Decode, utf8Encode } from '../../shared/bytes/utf8.ts';
import type { CreateSha256 } from '../../shared/crypto/streaming-sha256.ts';
import { createBagCheck } from '../../shared/parcel/bag-check.ts';
import { FILES_FOLDER } from '../../shared/parcel/bag.ts';
import { createManifestReader } from '../../shared/parcel/manifest-reader.ts';
import { createTarReader } from '../../shared/parcel/tar-reader.ts';
import type { FoundFile, TarEvent } from '../../shared/parcel/tar-reader.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { MAX_MESSAGE_BYTES } from '../../shared/protocol/limits.ts';

/** What is known of a reply before a part of it is opened. */
export interface ReplyShape {
  readonly parcel: string;
  readonly partSize: number;
  /** Of the padded stream. */
  readonly size: number;
  /** The reply key, base64url: the bag must name it as its sender's. */
  readonly sender: string;
}

/** A file, where its bytes lie in the stream, and what they must hash to. */
export interface IndexedFile {
  readonly path: string;
  readonly size: number;
  readonly start: number;
  readonly sha256: Uint8Array;
}

export interface ReplyIndex {
  readonly message: string | null;
  readonly files: readonly IndexedFile[];
}

/** The next part that is needed, or the end. */
export type IndexStep =
  { readonly kind: 'want'; readonly part: number } | { readonly kind: 'index'; readonly index: ReplyIndex };

/** See {@link createIndexReader}. */
export interface IndexReader {
  /** The plaintext of the part that was wanted; at first that is part 0. Problems of archives and bags; not to be used after one. */
  take(part: number, plaintext: Uint8Array): IndexStep;
}

/** A reply of so many bytes is read whole, so that it is checked to the last bit before a word of it is shown. */
const READ_WHOLE = 4 * 1024 * 1024;
/** Bytes to which archives fill up files. */
const BLOCK = 512;

/** A reader at the beginning of a reply. */
export function createIndexReader(shape: ReplyShape, createHash: CreateSha256): IndexReader {
  const { parcel, partSize, size, sender } = shape;
  const tar = createTarReader({ parcel, limits: { streamSize: size } });
  const check = createBagCheck({ parcel, sender, createHash: () => createHash() });
  const manifest = createManifestReader();
  const payload: FoundFile[] = [];
  const hashes: Uint8Array[] = [];
  const message: Uint8Array[] = [];
  const status: Uint8Array[] = [];
  let open: FoundFile | null = null;
  let lastSeen = false;

  function data(entry: FoundFile, bytes: Uint8Array): void {
    if (entry.place === 'message') message.push(bytes.slice());
    else if (entry.place === 'payload-status') status.push(bytes.slice());
    else if (entry.place === 'manifest') {
      for (const line of manifest.push(bytes)) {
        if (payload[hashes.length]?.path !== line.path) throw new Problem('bag-damaged');
        hashes.push(line.sha256);
      }
    }
  }

  function see(event: TarEvent): void {
    check.take(event);
    const { entry } = event;
    if (event.kind === 'entry') {
      open = entry;
      if (entry.place === 'message' && entry.size > MAX_MESSAGE_BYTES) throw new Problem('limit-exceeded');
      if (entry.place === 'payload-status' && entry.size !== 2 * payload.length) throw new Problem('bag-damaged');
      if (entry.place === 'message' || entry.place === 'file') payload.push(entry);
    } else if (event.kind === 'data') data(entry, event.bytes);
    else {
      open = null;
      if (!event.complete && entry.place !== 'file') throw new Problem('parcel-damaged');
      lastSeen ||= entry.place === 'tagmanifest';
    }
  }

  /** Null when there is none: all that matters has been read. */
  function nextPart(part: number): number | null {
    const parts = Math.ceil(size / partSize);
    if (size > READ_WHOLE) {
      if (lastSeen) return null;
      if (open?.place === 'file') {
        // The header of the next file comes after this one's last block, wherever that is.
        const end = Math.ceil((open.start + open.size) / BLOCK) * BLOCK;
        return Math.min(parts - 1, Math.max(part + 1, Math.floor(end / partSize)));
      }
    }
    return part + 1 < parts ? part + 1 : null;
  }

  function finish(): ReplyIndex {
    for (const event of tar.finish()) see(event);
    const { findings, counts, info } = check.finish(tar.gapped());
    const bytes = payload.reduce((sum, file) => sum + file.size, 0);
    const sound =
      findings.length === 0 &&
      counts.whole + counts.incomplete === payload.length &&
      counts.missing === 0 &&
      (tar.gapped() || counts.incomplete === 0) &&
      hashes.length === payload.length &&
      equalBytes(concat(...status), utf8Encode('+\n'.repeat(payload.length))) &&
      info?.replyRecipient === null &&
      info.payloadBytes === bytes &&
      info.payloadFiles === payload.length;
    if (!sound) throw new Problem('bag-damaged');
    const hasMessage = payload[0]?.place === 'message';
    const files = payload.flatMap(({ path, place, size: length, start }, i) =>
      place === 'file' ? [{ path: path.slice(FILES_FOLDER.length), size: length, start, sha256: hashes[i]! }] : [],
    );
    return { message: hasMessage ? utf8Decode(concat(...message)) : null, files };
  }

  return {
    take(part, plaintext) {
      for (const event of tar.push(part * partSize, plaintext)) see(event);
      const next = nextPart(part);
      return next === null ? { kind: 'index', index: finish() } : { kind: 'want', part: next };
    },
  };
}
