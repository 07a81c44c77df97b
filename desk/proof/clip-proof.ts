/** The text of a proof: what of one file is shown, and the hashes that tie it to the desk's statement. One canonical form; any other is refused. */
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { parseNumber, readFields, writeFields } from '../../shared/statements/fields.ts';
import type { FieldReader } from '../../shared/statements/fields.ts';
import type { BlindedFile } from './clip-file.ts';

const CONTEXT = 'postern/clip-proof/v1';

/** Values of the statement that a proof may open, and the fewest and most bytes that each has. */
export const OPENED = { name: [6, 4096], sha256: [32, 32], parcel: [16, 16], seal: [32, 32] } as const;
export type OpenedName = keyof typeof OPENED;

/** A value of the statement, and the salt under which it is blinded there. */
export interface OpenedValue {
  readonly salt: Uint8Array;
  readonly value: Uint8Array;
}

/** Bytes [from, to) of the file. */
export interface Clip {
  readonly from: number;
  readonly to: number;
}

export interface ClipProof {
  /** Number of the file in the statement's tree. */
  readonly index: number;
  readonly file: BlindedFile;
  /** Hashes beside the file in that tree. */
  readonly filesBeside: readonly Uint8Array[];
  readonly opened: Readonly<Partial<Record<OpenedName, OpenedValue>>>;
  /** Rising, none empty, none overlapping the one before. */
  readonly clips: readonly Clip[];
  /** Of the chunks that the clips touch, in their order. */
  readonly salts: readonly Uint8Array[];
  /** Hashes beside those chunks in the tree of the file. */
  readonly chunksBeside: readonly Uint8Array[];
}

export function formatClipProof(proof: ClipProof): string {
  const { index, file, filesBeside, opened, clips, salts, chunksBeside } = proof;
  return writeFields(CONTEXT, [
    ['index', index],
    ['size', file.size],
    ['chunks', file.chunks],
    ['name', file.name],
    ['sha256', file.sha256],
    ...filesBeside.map((hash) => ['file-beside', toHex(hash)] as const),
    ...openedNames().flatMap((name) => {
      const open = opened[name];
      return open === undefined ? [] : [[`open-${name}`, `${toHex(open.salt)} ${toHex(open.value)}`] as const];
    }),
    ...clips.map(({ from, to }) => ['clip', `${from} ${to}`] as const),
    ...salts.map((salt) => ['salt', toHex(salt)] as const),
    ...chunksBeside.map((hash) => ['chunk-beside', toHex(hash)] as const),
  ]);
}

/** Reads a proof. Problems `note-invalid`, `encoding-invalid`. Whether its clips lie in the file is not looked at. */
export function parseClipProof(text: string): ClipProof {
  const fields = readFields(text, CONTEXT);
  const proof: ClipProof = {
    index: fields.number('index'),
    file: {
      size: fields.number('size'),
      chunks: fields.hex('chunks', 32),
      name: fields.hex('name', 32),
      sha256: fields.hex('sha256', 32),
    },
    filesBeside: readHashes(fields, 'file-beside'),
    opened: Object.fromEntries(openedNames().flatMap((name) => readOpened(fields, name))),
    clips: readClips(fields),
    salts: readHashes(fields, 'salt'),
    chunksBeside: readHashes(fields, 'chunk-beside'),
  };
  fields.end();
  return proof;
}

function openedNames(): readonly OpenedName[] {
  return ['name', 'sha256', 'parcel', 'seal'];
}

function readHashes(fields: FieldReader, name: string): Uint8Array[] {
  const hashes: Uint8Array[] = [];
  while (fields.more(name)) hashes.push(fromHex(fields.hex(name, 32)));
  return hashes;
}

function readOpened(fields: FieldReader, name: OpenedName): [OpenedName, OpenedValue][] {
  if (!fields.more(`open-${name}`)) return [];
  const [salt, value] = pairOf(fields.text(`open-${name}`));
  const [least, most] = OPENED[name];
  const bytes = fromHex(value);
  if (bytes.length < least || bytes.length > most) throw new Problem('note-invalid');
  return [[name, { salt: fromHex(salt, 32), value: bytes }]];
}

function readClips(fields: FieldReader): Clip[] {
  const clips: Clip[] = [];
  while (fields.more('clip')) {
    const [from, to] = pairOf(fields.text('clip')).map((value) => parseNumber(value));
    clips.push({ from: from!, to: to! });
  }
  return clips;
}

function pairOf(text: string): [string, string] {
  const [first, second, ...rest] = text.split(' ');
  if (first === undefined || second === undefined || rest.length > 0) throw new Problem('note-invalid');
  return [first, second];
}
