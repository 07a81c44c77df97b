/**
 * Checks a bag while it streams out of the tar reader: hashes every file, and holds the hashes against the manifest when that comes.
 * Damage to the bag is reported, not thrown, so that what is whole can still be taken out.
 */
import { isProblem } from '../problem/problem.ts';
import { concat } from '../bytes/concat.ts';
import { utf8Decode } from '../bytes/utf8.ts';
import { BAGIT_TEXT, LISTED_TAG_FILES, manifestLine, parseBagInfo, parseManifestLine, TAG_MANIFEST } from './bag.ts';
import type { BagInfo } from './bag.ts';
import type { BagFinding, BagReport } from './bag-report.ts';
import { MAX_BAG_INFO_SIZE, MAX_MANIFEST_SIZE } from './limits.ts';
import { createManifestReader } from './manifest-reader.ts';
import { createPayloadCheck } from './payload-check.ts';
import { createPayloadStatus } from './payload-status.ts';
import type { PayloadStatus } from './payload-status.ts';
import type { FoundFile, TarEvent } from './tar-reader.ts';

/** The hash engine: SHA-256, fed piece by piece. Node's `createHash('sha256')` is one. */
export type CreateHash = () => { update(bytes: Uint8Array): unknown; digest(): Uint8Array };

/** See {@link createBagCheck}. */
export interface BagCheck {
  /** Takes the next event of the tar reader. Problem `limit-exceeded` when all paths are longer together than a manifest may be. */
  take(event: TarEvent): void;
  /** After the last event. `gapped`: whether stretches of the stream were missing (the tar reader knows). */
  finish(gapped: boolean): BagReport;
}

/** A tag file that came: its hash when it came whole, and its bytes when it is one of the small ones. */
interface TagFile {
  readonly sha256: Uint8Array | null;
  readonly bytes: Uint8Array;
}

/** A check of the bag that the parcel of this id holds; `sender` is the public key (base64url) under which its statements were found good. */
export function createBagCheck({
  parcel,
  sender,
  createHash,
}: {
  readonly parcel: string;
  readonly sender: string;
  readonly createHash: CreateHash;
}): BagCheck {
  const payload = createPayloadCheck();
  const tags = new Map<string, TagFile>();
  const manifest = createManifestReader();
  let status: PayloadStatus | null = null;
  let hash: ReturnType<CreateHash> | null = null;
  let pieces: Uint8Array[] = [];
  let manifestSound = true;
  let manifestWhole = false;
  let manifestLines = 0;
  /** How far the manifest was read; lines after a missing stretch of it are not, for their beginning is not known. */
  let manifestRead = 0;

  function begin(entry: FoundFile): void {
    hash = createHash();
    pieces = [];
    if (isPayload(entry)) payload.begin(entry.path, entry.size, entry.modified);
    else if (entry.place === 'payload-status') status = createPayloadStatus(entry.size);
    else if (entry.place === 'manifest') manifestSound = entry.size <= MAX_MANIFEST_SIZE;
  }

  function data(entry: FoundFile, offset: number, bytes: Uint8Array): void {
    hash?.update(bytes);
    if (entry.place === 'payload-status') status?.push(offset, bytes);
    else if (entry.place === 'manifest') readManifest(offset, bytes);
    else if (!isPayload(entry) && entry.size <= MAX_BAG_INFO_SIZE) pieces.push(bytes.slice());
  }

  function end(entry: FoundFile, complete: boolean): void {
    const sha256 = complete && hash !== null ? hash.digest() : null;
    hash = null;
    if (isPayload(entry)) {
      payload.end(sha256);
      return;
    }
    tags.set(entry.path, { sha256, bytes: concat(...pieces) });
    if (entry.place === 'manifest' && sha256 !== null) {
      manifestSound &&= manifest.finished();
      manifestWhole = manifestSound;
      if (manifestWhole) payload.allListed();
    }
  }

  function readManifest(offset: number, bytes: Uint8Array): void {
    if (!manifestSound || offset !== manifestRead) return;
    manifestRead += bytes.length;
    try {
      for (const { sha256, path } of manifest.push(bytes)) {
        payload.line(path, sha256, status?.read(manifestLines) ?? null);
        manifestLines++;
      }
    } catch (error) {
      if (!isProblem(error, 'bag-damaged')) throw error;
      manifestSound = false;
    }
  }

  function readBagInfo(): BagInfo | null {
    try {
      return parseBagInfo(textOf('bag-info.txt') ?? '');
    } catch {
      return null;
    }
  }

  /** What is malformed of the tag files that came whole, and which are not what the tag manifest says. */
  function* faults(info: BagInfo | null): Generator<BagFinding, void, undefined> {
    const whole = (file: string): Uint8Array | null => tags.get(file)?.sha256 ?? null;
    const listing = tags.get(TAG_MANIFEST);
    const sound: Record<string, boolean> = {
      'bagit.txt': textOf('bagit.txt') === BAGIT_TEXT,
      'bag-info.txt': info !== null,
      'payload-status.txt': status !== null && status.sound() && (!manifestWhole || status.lines() === manifestLines),
      'manifest-sha256.txt': manifestSound,
    };
    const listed = listing?.sha256 ? listedHashes(listing.bytes) : null;
    for (const file of LISTED_TAG_FILES) {
      const found = whole(file);
      if (found === null) yield { kind: tags.has(file) ? 'tag-incomplete' : 'tag-missing', file };
      else if (!sound[file]) yield { kind: 'tag-malformed', file };
      else if (listed !== null && listed.get(file) !== manifestLine(found, file)) yield { kind: 'tag-differs', file };
    }
    if (listing === undefined) yield { kind: 'tag-missing', file: TAG_MANIFEST };
    else if (listing.sha256 === null) yield { kind: 'tag-incomplete', file: TAG_MANIFEST };
    else if (listed === null) yield { kind: 'tag-malformed', file: TAG_MANIFEST };
  }

  function textOf(file: string): string | null {
    try {
      return utf8Decode(tags.get(file)?.bytes ?? new Uint8Array(0));
    } catch {
      return null;
    }
  }

  return {
    take(event) {
      if (event.kind === 'entry') begin(event.entry);
      else if (event.kind === 'data') data(event.entry, event.offset, event.bytes);
      else end(event.entry, event.complete);
    },
    finish(gapped) {
      const info = readBagInfo();
      const findings = [...faults(info)];
      const { files, bytes } = payload.totals();
      if (info !== null && info.parcel !== parcel) findings.push({ kind: 'parcel-differs', file: 'bag-info.txt' });
      if (info !== null && info.sender !== sender) findings.push({ kind: 'sender-differs', file: 'bag-info.txt' });
      if (info !== null && !gapped && (info.payloadBytes !== bytes || info.payloadFiles !== files))
        findings.push({ kind: 'oxum-differs', file: 'bag-info.txt' });
      if (!gapped && files === 0) findings.push({ kind: 'empty', file: 'bag-info.txt' });
      const counts = payload.counts();
      const good = counts.whole + counts['source-could-not-read'] + counts['source-changed'];
      const all = files + counts.missing;
      return {
        valid: !gapped && findings.length === 0 && good === all,
        info,
        counts,
        findings,
        files: () => payload.files(),
      };
    },
  };
}

function isPayload(entry: FoundFile): boolean {
  return entry.place === 'file' || entry.place === 'message';
}

/** The lines of a tag manifest by the file they are about; null when it does not list what it must, in its order and no more. */
function listedHashes(bytes: Uint8Array): ReadonlyMap<string, string> | null {
  try {
    const lines = utf8Decode(bytes).split('\n');
    if (lines.pop() !== '' || lines.length !== LISTED_TAG_FILES.length) return null;
    if (lines.some((line, i) => parseManifestLine(line).path !== LISTED_TAG_FILES[i])) return null;
    return new Map(lines.map((line, i) => [LISTED_TAG_FILES[i]!, `${line}\n`]));
  } catch {
    return null;
  }
}
