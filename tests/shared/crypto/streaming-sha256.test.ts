/** Streaming SHA-256: right for any cutting, resumable anywhere between blocks, in either engine, from the other's midstate. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { loadHashWasmSha256 } from '../../../shared/crypto/hash-wasm-sha256.ts';
import { createNobleSha256 } from '../../../shared/crypto/noble-sha256.ts';
import { patternBytes } from '../../kit/random-bytes.ts';
import { plainDigest, plainMidstate } from '../../kit/plain-sha256.ts';
import vectors from '../../vectors/sha256-midstate.json' with { type: 'json' };

const engines = [
  { name: 'hash-wasm', create: await loadHashWasmSha256() },
  { name: 'noble', create: createNobleSha256 },
];

function reference(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const cuts = fc.array(fc.nat(300), { maxLength: 12 });

describe.each(engines)('$name', ({ create }) => {
  test('gives the hash that node:crypto gives, however the bytes are cut', () => {
    fc.assert(
      fc.property(cuts, (lengths) => {
        const hash = create();
        const pieces = lengths.map((length, index) => patternBytes(length, index + 1));
        for (const piece of pieces) hash.update(piece);
        expect(toHex(hash.digest())).toBe(reference(Buffer.concat(pieces)));
      }),
    );
  });

  test('large updates, and views into the middle of a buffer', () => {
    const bytes = patternBytes(1_000_003);
    const hash = create();
    hash.update(bytes.subarray(0, 17));
    hash.update(bytes.subarray(17));
    expect(toHex(hash.digest())).toBe(reference(bytes));
  });

  test.each(engines)('goes on from a midstate of $name, which is that of the plain reference', ({ create: other }) => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(200), (blocks, more) => {
        const head = patternBytes(blocks * 64);
        const tail = patternBytes(more, 9);
        const first = other();
        first.update(head);
        const midstate = first.save();
        expect(midstate.length).toBe(head.length);
        expect(toHex(midstate.state)).toBe(toHex(plainMidstate(head)));
        const second = create(midstate);
        for (const hash of [first, second]) {
          hash.update(tail);
          expect(toHex(hash.digest())).toBe(reference(Buffer.concat([head, tail])));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a midstate far beyond 4 GiB keeps its length', () => {
    const midstate = { state: plainMidstate(new Uint8Array(64)), length: 2 ** 40 + 64 };
    const hash = create(midstate);
    expect(hash.save()).toEqual(midstate);
    hash.update(new Uint8Array(64));
    expect(hash.save().length).toBe(2 ** 40 + 128);
    const digests = engines.map((engine) => toHex(engine.create(midstate).digest()));
    expect(new Set(digests).size).toBe(1);
  });

  test.each(vectors.midstates)('vector: the midstate after $length bytes', ({ length, state, sha256WithAbc }) => {
    const midstate = { state: fromHex(state), length };
    const hash = create(midstate);
    expect(hash.save()).toEqual(midstate);
    hash.update(utf8Encode('abc'));
    expect(toHex(hash.digest())).toBe(sha256WithAbc);
    expect(toHex(plainDigest(midstate.state, length, utf8Encode('abc')))).toBe(sha256WithAbc);
  });

  test('many hashes run side by side', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(150)), { maxLength: 40 }), (steps) => {
        const runs = Array.from({ length: 5 }, () => ({ hash: create(), bytes: [] as Uint8Array[] }));
        for (const [index, length] of steps) {
          const piece = patternBytes(length, length + index);
          runs[index]!.hash.update(piece);
          runs[index]!.bytes.push(piece);
        }
        for (const { hash, bytes } of runs) expect(toHex(hash.digest())).toBe(reference(Buffer.concat(bytes)));
      }),
      { numRuns: 50 },
    );
  });

  test('no midstate inside a block, none of a wrong form, no use after the end', () => {
    const hash = create();
    hash.update(new Uint8Array(65));
    expect(() => hash.save()).toThrow(expect.objectContaining({ code: 'internal' }));
    hash.digest();
    for (const use of [() => hash.update(new Uint8Array(1)), () => hash.digest(), () => hash.save()])
      expect(use).toThrow(expect.objectContaining({ code: 'internal' }));
    const state = new Uint8Array(32);
    const junk = [
      { state, length: 63 },
      { state, length: -64 },
      { state, length: Number.NaN },
      { state, length: 2 ** 60 },
      { state: new Uint8Array(31), length: 64 },
    ];
    for (const midstate of junk)
      expect(() => create(midstate)).toThrow(expect.objectContaining({ code: 'encoding-invalid' }));
  });
});

test.each(vectors.midstates.filter(({ length }) => length < 2 ** 20))(
  'vector: $length bytes lead to its midstate',
  ({ length, state, sha256WithAbc }) => {
    const bytes = Uint8Array.from({ length }, (_, at) => at * 31 + (at >> 8));
    expect(toHex(plainMidstate(bytes))).toBe(state);
    expect(reference(Buffer.concat([bytes, utf8Encode('abc')]))).toBe(sha256WithAbc);
  },
);

describe('a build of hash-wasm that saves its state in another form', () => {
  afterEach(() => {
    vi.doUnmock('hash-wasm');
    vi.resetModules();
  });

  test.each([
    ['longer', (state: Uint8Array) => Uint8Array.of(...state, 0)],
    [
      'words in another place',
      (state: Uint8Array) => Uint8Array.of(...state.slice(0, 68), ...state.slice(72), 0, 0, 0, 0),
    ],
    [
      'words in another byte order',
      (state: Uint8Array) => state.map((_, at) => state[at >= 76 && at < 108 ? at ^ 3 : at]!),
    ],
  ])('%s: refused at loading', async (_name, change) => {
    vi.resetModules();
    vi.doMock(import('hash-wasm'), async (original) => {
      const actual = await original();
      const createSHA256 = async () => {
        const engine = await actual.createSHA256();
        const save = engine.save;
        engine.save = () => change(save());
        return engine;
      };
      return { ...actual, createSHA256 };
    });
    const fresh = await import('../../../shared/crypto/hash-wasm-sha256.ts');
    await expect(fresh.loadHashWasmSha256()).rejects.toMatchObject({ code: 'internal' });
  });
});
