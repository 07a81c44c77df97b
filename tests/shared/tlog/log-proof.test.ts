/** Proofs that a receipt is in the log: against vectors of another implementation, against the RFC's own words, and nothing else passes. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashLeaf, pathOver, rootOver } from '../../../server/store/hash-tree.ts';
import { fromBase64Url } from '../../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { ed25519FromSeed } from '../../../shared/crypto/ed25519.ts';
import { Problem } from '../../../shared/problem/problem.ts';
import { signNote } from '../../../shared/statements/note.ts';
import { openReceipt } from '../../../shared/statements/receipt.ts';
import { logName, openCheckpoint, signCheckpoint } from '../../../shared/tlog/checkpoint.ts';
import { rootFromPath } from '../../../shared/tlog/inclusion.ts';
import { formatLogProof, openLogProof, parseLogProof } from '../../../shared/tlog/log-proof.ts';
import { formatTilePath, parseTilePath } from '../../../shared/tlog/tile-path.ts';
import { random } from '../../kit/random-bytes.ts';

interface Vectors {
  readonly inclusion: readonly { size: number; index: number; leaf: string; root: string; path: string[] }[];
  readonly proof: {
    receiptKey: string;
    receipt: string;
    index: number;
    size: number;
    root: string;
    checkpoint: string;
    proof: string;
  };
}

const VECTORS = JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/log-proofs.json'), 'utf8')) as Vectors;
const known = VECTORS.proof;
const key = fromBase64Url(known.receiptKey, 32);

const sha = (...pieces: Uint8Array[]) => pieces.reduce((h, piece) => h.update(piece), createHash('sha256')).digest();

/** MTH and PATH of RFC 9162 §2.1.1 and §2.1.3.1, word by word, over hashes of leaves. */
function split(count: number): number {
  let k = 1;
  while (k * 2 < count) k *= 2;
  return k;
}
function mth(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0]!;
  const k = split(hashes.length);
  return sha(Uint8Array.of(1), mth(hashes.slice(0, k)), mth(hashes.slice(k)));
}
function pathTo(m: number, hashes: readonly Uint8Array[]): Uint8Array[] {
  if (hashes.length === 1) return [];
  const k = split(hashes.length);
  return m < k
    ? [...pathTo(m, hashes.slice(0, k)), mth(hashes.slice(k))]
    : [...pathTo(m - k, hashes.slice(k)), mth(hashes.slice(0, k))];
}
const hex = (hashes: readonly Uint8Array[]): string[] => hashes.map(toHex);

test('the paths of the vectors lead to their roots', async () => {
  for (const { size, index, leaf, root, path } of VECTORS.inclusion) {
    const hashes = path.map((hash) => fromHex(hash, 32));
    const start = hashLeaf(fromHex(leaf, leaf.length / 2));
    expect(toHex((await rootFromPath(start, { index, size, path: hashes }))!)).toBe(root);
  }
});

test('roots and paths are those of the RFC’s definition, and lead to each other', async () => {
  const some = fc.integer({ min: 1, max: 600 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));
  await fc.assert(
    fc.asyncProperty(some, async ([size, index]) => {
      const hashes = Array.from({ length: size }, (_, i) => sha(Buffer.from(`${size} ${i}`)));
      const path = pathOver(hashes, index);
      expect(hex(path)).toEqual(hex(pathTo(index, hashes)));
      expect(toHex(rootOver(hashes))).toBe(toHex(mth(hashes)));
      expect(toHex((await rootFromPath(hashes[index]!, { index, size, path }))!)).toBe(toHex(mth(hashes)));
    }),
    { numRuns: 60 },
  );
});

test('a path that is too short, too long or for another place leads to no root, or another', async () => {
  const some = fc
    .integer({ min: 2, max: 300 })
    .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat()));
  await fc.assert(
    fc.asyncProperty(some, async ([size, index, change]) => {
      const hashes = Array.from({ length: size }, (_, i) => sha(Buffer.from(`${size} ${i}`)));
      const path = pathOver(hashes, index);
      const root = rootOver(hashes);
      const from = (at: number, along: readonly Uint8Array[]) =>
        rootFromPath(hashes[index]!, { index: at, size, path: along });
      expect(await from(index, path.slice(1))).toBeNull();
      expect(await from(index, [...path, root])).toBeNull();
      expect(await from(size, path)).toBeNull();
      const wrong = path.map((hash, i) => (i === change % path.length ? sha(hash) : hash));
      expect(await from(index, wrong)).not.toEqual(root);
      const other = change % size;
      if (other !== index) expect(await from(other, path)).not.toEqual(root);
    }),
    { numRuns: 60 },
  );
});

test('the whole proof that another implementation made holds, and is written as it was', async () => {
  const { index, checkpoint } = await openLogProof(known.proof, known.receipt, key);
  expect([index, checkpoint.size, toHex(checkpoint.root)]).toEqual([known.index, known.size, known.root]);
  expect(formatLogProof(parseLogProof(known.proof))).toBe(known.proof);
});

test('a proof does not hold for another receipt, blinding, place or key', async () => {
  const wrong = new Problem('statement-mismatch');
  const proof = parseLogProof(known.proof);
  const changed = (change: Partial<typeof proof>) => formatLogProof({ ...proof, ...change });
  await expect(openLogProof(known.proof, `${known.receipt} `, key)).rejects.toThrow(wrong);
  await expect(openLogProof(changed({ blinding: random(32) }), known.receipt, key)).rejects.toThrow(wrong);
  await expect(openLogProof(changed({ index: proof.index ^ 1 }), known.receipt, key)).rejects.toThrow(wrong);
  await expect(openLogProof(changed({ path: proof.path.slice(1) }), known.receipt, key)).rejects.toThrow(wrong);
  await expect(openLogProof(known.proof, known.receipt, random(32))).rejects.toThrow(new Problem('signature-wrong'));
});

test('a text that is no proof in its one form is refused', () => {
  const bad = [
    '',
    known.checkpoint,
    known.proof.replace('@v1', '@v2'),
    known.proof.replace('index ', 'index 0'),
    known.proof.replace('index ', 'index -'),
    known.proof.replace(/^extra .*\n/m, ''),
    known.proof.replace(/^extra ..../m, 'extra '),
    known.proof.replace('\n\n', '\n'),
    known.proof.replace('\n\n', '\nAAAA\n\n'),
    `${known.proof}${'x'.repeat(4096)}`,
  ];
  for (const text of bad) expect(() => parseLogProof(text), text.slice(0, 60)).toThrow(Problem);
});

test('any proof reads back as it was written', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes, fc.maxSafeNat(), fc.array(bytes, { maxLength: 53 }), (blinding, index, path) => {
      const proof = { blinding, index, path, checkpoint: known.checkpoint };
      const text = formatLogProof(proof);
      expect(formatLogProof(parseLogProof(text))).toBe(text);
      expect(parseLogProof(text)).toEqual(proof);
    }),
  );
});

test('a checkpoint passes for no receipt, a receipt for no checkpoint, and neither under the other’s name', async () => {
  const signer = await ed25519FromSeed(Uint8Array.from({ length: 32 }, (_, i) => i));
  expect(signer.publicKey).toEqual(key);
  await expect(openReceipt(known.checkpoint, key)).rejects.toThrow(Problem);
  await expect(openCheckpoint(known.receipt, key)).rejects.toThrow(Problem);
  const text = (note: string) => note.slice(0, note.indexOf('\n\n') + 1);
  const asReceipt = await signNote(text(known.checkpoint), 'postern-receipt', signer);
  await expect(openReceipt(asReceipt, key)).rejects.toThrow(new Problem('note-invalid'));
  await expect(openCheckpoint(asReceipt, key)).rejects.toThrow(new Problem('signature-wrong'));
  const asCheckpoint = await signNote(text(known.receipt), logName(random(16)), signer);
  await expect(openCheckpoint(asCheckpoint, key)).rejects.toThrow(new Problem('note-invalid'));
});

test('a checkpoint is of full tiles, with one root of 32 bytes, and nothing after it', async () => {
  const signer = await ed25519FromSeed(random(32));
  const origin = logName(random(16));
  const root = random(32);
  const good = await signCheckpoint({ origin, size: 512, root }, signer);
  expect(await openCheckpoint(good, signer.publicKey)).toEqual({ origin, size: 512, root });
  const line = Buffer.from(root).toString('base64');
  const bad = [
    `${origin}\n0\n${line}\n`,
    `${origin}\n511\n${line}\n`,
    `${origin}\n0512\n${line}\n`,
    `${origin}\n512\n${line}\nmore\n`,
    `${origin}\n512\n${Buffer.from(root.subarray(1)).toString('base64')}\n`,
    `${origin}0\n512\n${line}\n`,
    `${origin}\n512\n`,
  ];
  for (const text of bad)
    await expect(openCheckpoint(await signNote(text, origin, signer), signer.publicKey), text).rejects.toThrow(Problem);
});

test('a tile’s path reads back as it was written, and stands in one form only', () => {
  const address = fc.record({
    level: fc.oneof(fc.constant('entries' as const), fc.nat(63)),
    number: fc.nat(999_999_999_999),
    width: fc.integer({ min: 1, max: 256 }),
  });
  fc.assert(
    fc.property(address, (tile) => {
      expect(parseTilePath(formatTilePath(tile))).toEqual(tile);
    }),
  );
  expect(formatTilePath({ level: 0, number: 1_234_067, width: 256 })).toBe('0/x001/x234/067');
  expect(formatTilePath({ level: 1, number: 0, width: 7 })).toBe('1/000.p/7');
  for (const bad of [
    '',
    '0',
    '0/1',
    '0/0001',
    '00/001',
    '64/001',
    '0/x000/001',
    '0/001.p/0',
    '0/001.p/256',
    '0/001.p/257',
    '0/001/',
    '0/../001',
    'entries/x1/001',
  ])
    expect(parseTilePath(bad), bad).toBeNull();
});
