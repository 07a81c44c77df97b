/** A look into a parcel without reading it: the statements, and by seeking the first bytes of its first part, where bag-info and message stand. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { openFile } from '../../shared/age/file.ts';
import { CHUNK_SIZE } from '../../shared/age/payload-layout.ts';
import { parseBagInfo } from '../../shared/parcel/bag.ts';
import { createTarReader } from '../../shared/parcel/tar-reader.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { partName } from '../../shared/protocol/part-name.ts';
import { openedParts } from '../../shared/statements/opening.ts';
import { systemCode } from '../failure.ts';
import { nodeCipher } from '../node-cipher.ts';
import { parcelFolder, readEnvelopeText } from './bundle.ts';
import type { Bundle } from './bundle.ts';
import { createFindings } from './findings.ts';
import type { Findings } from './findings.ts';
import { checkStatements } from './statements.ts';
import type { Statements } from './statements.ts';
import { READ_ONLY } from './read-only.ts';

/** What is shown of a parcel before it is verified. */
export interface Preview {
  readonly parcel: string;
  /** `sealed` says only that a good seal is there. */
  readonly state: 'sealed' | 'unfinished' | 'damaged' | 'not-for-us';
  /** Bytes of the padded stream. */
  readonly size: number | null;
  readonly received: string | null;
  readonly parts: { readonly total: number; readonly stated: number };
  /** Number of files that the bag announces. */
  readonly files: number | null;
  /** First lines of the message. */
  readonly message: readonly string[] | null;
  readonly findings: Findings;
}

/** Lines of a message that are shown. */
const LINES = 4;
/** Plaintext bytes that are looked at: one chunk holds both tag files and the beginning of the message. */
const LOOK = CHUNK_SIZE;

/** Looks into a parcel. */
export async function previewParcel(
  parcel: string,
  {
    bundle,
    receiptKeys,
    identities,
  }: { bundle: Bundle; receiptKeys: readonly Uint8Array[]; identities: readonly string[] },
): Promise<Preview> {
  const findings = createFindings();
  const folder = parcelFolder(bundle, parcel);
  const statements = await checkStatements(parcel, await readEnvelopeText(folder), receiptKeys, findings);
  const nothing = {
    parcel,
    state: 'damaged',
    size: null,
    received: null,
    parts: { total: 0, stated: 0 },
    files: null,
    message: null,
    findings,
  } as const;
  if (statements === null) return nothing;
  const start = statements.parts.has(0) ? await readStart(join(folder, partName(0))) : 'missing';
  const inside = start instanceof Uint8Array ? lookInside(start, statements) : { files: null, message: null };
  const sound = findings.list().length === (findings.counts()['not-yet-received'] ?? 0);
  return {
    parcel,
    state:
      !sound || start === 'damaged'
        ? 'damaged'
        : start === null
          ? 'not-for-us'
          : statements.sealed
            ? 'sealed'
            : 'unfinished',
    size: statements.opening.size,
    received: statements.received,
    parts: { total: openedParts(statements.opening), stated: statements.parts.size },
    ...inside,
    findings,
  };

  /** Plaintext from the start of a part; null when it is not for us. */
  async function readStart(path: string): Promise<Uint8Array | null | 'missing' | 'damaged'> {
    let file: FileHandle;
    try {
      file = await open(path, READ_ONLY);
    } catch {
      return 'missing';
    }
    try {
      const stat = await file.stat();
      if (!stat.isFile()) return 'damaged';
      const { size } = stat;
      const reader = { size, read: (from: number, to: number) => readRange(file, from, to) };
      const plaintext = await openFile(reader, identities, nodeCipher);
      return plaintext === null ? null : await plaintext.read(0, Math.min(LOOK, plaintext.size));
    } catch (error) {
      // A disk that does not give a part out spoils this parcel, and not the list of the others.
      if (!isProblem(error) && systemCode(error) === null) throw error;
      return 'damaged';
    } finally {
      await file.close();
    }
  }
}

async function readRange(file: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  return bytes.subarray(0, bytesRead);
}

/** Number of files and first lines of the message, as far as they stand in `start`. */
function lookInside(
  start: Uint8Array,
  { opening }: Statements,
): { files: number | null; message: readonly string[] | null } {
  const reader = createTarReader({ parcel: opening.parcel, limits: { streamSize: opening.size } });
  const texts = new Map<string, string>();
  const decoder = new TextDecoder();
  try {
    for (const event of reader.push(0, start.subarray(0, Math.min(start.length, opening.size)))) {
      if (event.kind !== 'data' || (event.entry.place !== 'bag-info' && event.entry.place !== 'message')) continue;
      texts.set(event.entry.place, decoder.decode(event.bytes));
    }
    const info = texts.get('bag-info');
    return {
      files: info === undefined ? null : parseBagInfo(info).payloadFiles,
      message: texts.get('message')?.split('\n', LINES) ?? null,
    };
  } catch (error) {
    if (!isProblem(error)) throw error;
    return { files: null, message: null };
  }
}
