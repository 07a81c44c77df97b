/** The tree of a file's chunks, the texts of a proof and of the desk's list, and the vectors that hold all of them fast. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blindFile, fileLeaf } from '../../desk/proof/clip-file.ts';
import { buildTree, CHUNK, chunkCount, leafHash, rebuildTree, shownAmong } from '../../desk/proof/chunk-tree.ts';
import { formatClipList, parseClipList } from '../../desk/proof/clip-list.ts';
import { formatClipProof, parseClipProof } from '../../desk/proof/clip-proof.ts';
import type { ClipProof } from '../../desk/proof/clip-proof.ts';
import { blinded, clipSecrets } from '../../desk/proof/clip-secrets.ts';
import { openClipStatement, signClipStatement } from '../../desk/proof/clip-statement.ts';
import { clipsFit, countShown, joinClips, shownChunks } from '../../desk/proof/shown-chunks.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { merkleRoot } from '../../shared/statements/merkle.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => toHex(value));

test('of any leaves, those shown and the hashes beside them give the root of RFC 6962, and no other leaf does', async () => {
  const leaves = fc.array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(leaves, fc.infiniteStream(fc.boolean()), async (contents, shows) => {
      const shown = contents.flatMap((_, i) => (shows.next().value ? [i] : []));
      const beside: Uint8Array[] = [];
      const leaf = (i: number) => Promise.resolve(leafHash(contents[i]!));
      const root = await buildTree(contents.length, leaf, shownAmong(shown), (node) => void beside.push(node));
      expect(toHex(root)).toBe(toHex(await merkleRoot(contents)));
      const rebuild = (own: typeof leaf, nodes = beside) =>
        rebuildTree(contents.length, own, shownAmong(shown), nodes).then(toHex, () => 'refused');
      expect(await rebuild(leaf)).toBe(toHex(root));
      expect(await rebuild(leaf, [...beside, leafHash()])).toBe('refused');
      if (beside.length > 0) expect(await rebuild(leaf, beside.slice(1))).toBe('refused');
      if (shown.length > 0)
        expect(
          await rebuild((i) => (i === shown[0] ? Promise.resolve(leafHash(contents[i]!, Uint8Array.of(0))) : leaf(i))),
        ).not.toBe(toHex(root));
    }),
  );
});

test('of any ranges, the chunks that they touch are counted as they are listed', () => {
  const clip = fc.tuple(fc.nat(1_000_000), fc.integer({ min: 1, max: 200_000 }));
  fc.assert(
    fc.property(fc.array(clip, { minLength: 1, maxLength: 6 }), (raw) => {
      const clips = joinClips(raw.map(([from, length]) => ({ from, to: from + length })));
      expect(clipsFit(clips, 1_200_000)).toBe(true);
      const touched = new Set<number>();
      for (const { from, to } of clips)
        for (let at = from - (from % CHUNK); at < to; at += CHUNK) touched.add(at / CHUNK);
      expect(shownChunks(clips)).toEqual([...touched].toSorted((a, b) => a - b));
      expect(countShown(clips)).toBe(touched.size);
    }),
  );
});

const opened = (least: number, most: number) =>
  fc.record({ salt: hash, value: fc.uint8Array({ minLength: least, maxLength: most }) });

const anyProof: fc.Arbitrary<ClipProof> = fc.record({
  index: fc.nat(),
  file: fc.record({ size: fc.maxSafeNat(), chunks: hex(32), name: hex(32), sha256: hex(32) }),
  filesBeside: fc.array(hash, { maxLength: 3 }),
  opened: fc.record(
    { name: opened(6, 40), sha256: opened(32, 32), parcel: opened(16, 16), seal: opened(32, 32) },
    { requiredKeys: [] },
  ),
  clips: fc.array(fc.record({ from: fc.maxSafeNat(), to: fc.maxSafeNat() }), { maxLength: 3 }),
  salts: fc.array(hash, { maxLength: 3 }),
  chunksBeside: fc.array(hash, { maxLength: 3 }),
});

test('a proof reads back as it was written, and every other text is refused or is the one form of another proof', () => {
  fc.assert(
    fc.property(
      anyProof,
      fc.nat(),
      fc.constantFrom('', '0', ' ', '\n', 'clip 1 2\n', '\u0085'),
      (proof, place, put) => {
        const text = formatClipProof(proof);
        expect(formatClipProof(parseClipProof(text))).toBe(text);
        const at = place % text.length;
        for (const other of [
          text.slice(0, at),
          text.slice(0, at) + put + text.slice(at + 1),
          text.slice(0, at) + put + text.slice(at),
        ]) {
          try {
            expect(formatClipProof(parseClipProof(other))).toBe(other);
          } catch (error) {
            if (!isProblem(error)) throw error;
          }
        }
      },
    ),
  );
});

test('the list of the desk reads back as it was written, whatever the files are called', () => {
  const file = fc.record({
    path: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((name) => `data/${name}`),
    size: fc.maxSafeNat(),
    sha256: hex(32),
    chunks: hex(32),
  });
  const list = fc.record({ parcel: hex(16), seal: fc.option(hex(32)), files: fc.array(file, { maxLength: 4 }) });
  fc.assert(
    fc.property(list, (value) => {
      expect(parseClipList(formatClipList(value))).toEqual(value);
      expect(() => parseClipList(formatClipList(value).slice(0, -1))).toThrow();
    }),
  );
  const awkward = { path: 'data/a\r\n% %25%0A\u2028.mp4', size: 1, sha256: '0'.repeat(64), chunks: '1'.repeat(64) };
  const value = { parcel: 'a'.repeat(32), seal: null, files: [awkward] };
  expect(parseClipList(formatClipList(value))).toEqual(value);
});

test('a statement opens for the desk that signed it and for no other', async () => {
  const [key, other] = await Promise.all([1, 2].map((byte) => ed25519FromSeed(new Uint8Array(32).fill(byte))));
  const statement = {
    day: '2026-11-24',
    nonce: '0'.repeat(32),
    parcel: '1'.repeat(64),
    seal: null,
    files: 3,
    tree: '2'.repeat(64),
  };
  const note = await signClipStatement(statement, key!);
  expect(await openClipStatement(note, key!.publicKey)).toEqual({ ...statement, desk: key!.publicKey });
  await expect(openClipStatement(note, other!.publicKey)).rejects.toThrow();
  await expect(
    openClipStatement(await signClipStatement({ ...statement, files: 0 }, key!), key!.publicKey),
  ).rejects.toThrow();
});

interface Vectors {
  readonly desk: { readonly seed: string; readonly publicKey: string };
  readonly day: string;
  readonly parcel: string;
  readonly seal: string;
  readonly nonce: string;
  readonly files: readonly {
    readonly path: string;
    readonly size: number;
    readonly sha256: string;
    readonly salt0: string;
    readonly chunks: string;
    readonly name: string;
    readonly blindedSha256: string;
    readonly leaf: string;
  }[];
  readonly statement: string;
}

test('the vectors of docs/protocol.md', async () => {
  const vectors = JSON.parse(await readFile(join(import.meta.dirname, '../vectors/clip.json'), 'utf8')) as Vectors;
  const desk = await ed25519FromSeed(fromHex(vectors.desk.seed, 32));
  const secrets = await clipSecrets(desk, vectors.parcel, vectors.nonce);
  const leaves: Uint8Array[] = [];
  for (const [index, expected] of vectors.files.entries()) {
    const own = secrets.file(index);
    const content = Uint8Array.from({ length: expected.size }, (_, n) => 31 * n + Math.floor(n / 256));
    const chunks = await buildTree(chunkCount(content.length), (i) =>
      Promise.resolve(leafHash(own.chunk(i), content.subarray(i * CHUNK, (i + 1) * CHUNK))),
    );
    const file = blindFile({ ...expected, chunks: toHex(chunks) }, own);
    leaves.push(fileLeaf(file));
    const { size, path, sha256 } = expected;
    const found = { path, size, sha256, salt0: toHex(own.chunk(0)), chunks: file.chunks, name: file.name };
    expect({ ...found, blindedSha256: file.sha256, leaf: toHex(leaves[index]!) }).toEqual(expected);
    expect(file.name).toBe(blinded(own.name, utf8Encode(expected.path)));
  }
  const statement = await signClipStatement(
    {
      day: vectors.day,
      nonce: vectors.nonce,
      parcel: blinded(secrets.parcel, fromHex(vectors.parcel)),
      seal: blinded(secrets.seal, fromHex(vectors.seal)),
      files: leaves.length,
      tree: toHex(await buildTree(leaves.length, (i) => Promise.resolve(leaves[i]!))),
    },
    desk,
  );
  expect(toHex(desk.publicKey)).toBe(vectors.desk.publicKey);
  expect(statement).toBe(vectors.statement);
});
