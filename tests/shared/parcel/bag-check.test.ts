/** Each thing that can be wrong with a bag has its own verdict or finding, and a sound bag has none. */
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../../shared/bytes/hex.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { createBagCheck } from '../../../shared/parcel/bag-check.ts';
import type { BagReport, Verdict } from '../../../shared/parcel/bag-report.ts';
import { PLACES } from '../../../shared/parcel/bag-place.ts';
import type { Place } from '../../../shared/parcel/bag-place.ts';
import type { FoundFile } from '../../../shared/parcel/tar-reader.ts';
import { PARCEL, readBack, sha256, testParcel } from '../../kit/parcel-stream.ts';
import { TEST_SENDER } from '../../kit/test-mailbox.ts';

const PATHS: Readonly<Record<Exclude<Place, 'file'>, string>> = {
  bagit: 'bagit.txt',
  'bag-info': 'bag-info.txt',
  message: 'data/message.txt',
  'payload-status': 'payload-status.txt',
  manifest: 'manifest-sha256.txt',
  tagmanifest: 'tagmanifest-sha256.txt',
};

/** A bag as a list of its files: what the reader would hand on. */
type Bag = Record<string, string | { readonly text: string; readonly gap: readonly [number, number] }>;

const line = (text: string, path: string) => `${toHex(sha256(utf8Encode(text)))}  ${path}\n`;
const TAGS = ['bagit.txt', 'bag-info.txt', 'payload-status.txt', 'manifest-sha256.txt'];
const textIn = (file: Bag[string] | undefined) => (typeof file === 'object' ? file.text : (file ?? ''));

/** A sound bag of two files, with changes; the tag manifest is made to fit unless it is given. */
function bag(changes: Record<string, Bag[string] | null> = {}): Bag {
  const whole: Record<string, Bag[string] | null> = {
    'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
    'bag-info.txt': `Bag-Software-Agent: Postern/1\nBagging-Date: 2026-11-24\nPayload-Oxum: 7.2\nPostern-Parcel: ${PARCEL}\nPostern-Sender-Key: ${TEST_SENDER}\n`,
    'data/files/a': 'one',
    'data/files/b%': 'four',
    'payload-status.txt': '+\n+\n',
    'manifest-sha256.txt': line('one', 'data/files/a') + line('four', 'data/files/b%25'),
    ...changes,
  };
  const tags = TAGS.map((path) => line(textIn(whole[path] ?? ''), path)).join('');
  const all = { ...whole, 'tagmanifest-sha256.txt': tags, ...changes };
  return Object.fromEntries(Object.entries(all).flatMap(([path, file]) => (file === null ? [] : [[path, file]])));
}

function placeOfPath(path: string): Place {
  return PLACES.find((place) => place !== 'file' && PATHS[place] === path) ?? 'file';
}

/** Checks a bag, its files handed on in the order of the archive, in pieces of `step` bytes. */
function check(files: Bag, { gapped = false, step = 1_000 } = {}): BagReport {
  const bagCheck = createBagCheck({ parcel: PARCEL, sender: TEST_SENDER, createHash: () => createHash('sha256') });
  const ordered = Object.entries(files).toSorted(
    ([a], [b]) => PLACES.indexOf(placeOfPath(a)) - PLACES.indexOf(placeOfPath(b)),
  );
  for (const [path, file] of ordered) {
    const bytes = utf8Encode(textIn(file));
    const gap = typeof file === 'object' ? file.gap : [0, 0];
    const entry: FoundFile = { path, place: placeOfPath(path), size: bytes.length, modified: 0, start: 0 };
    bagCheck.take({ kind: 'entry', entry });
    for (let offset = 0; offset < bytes.length;) {
      if (offset === gap[0] && gap[1] > gap[0]) offset = gap[1];
      const to = Math.min(bytes.length, offset + step, gap[0] > offset ? gap[0] : Infinity);
      if (to > offset) bagCheck.take({ kind: 'data', entry, offset, bytes: bytes.subarray(offset, to) });
      offset = to;
    }
    bagCheck.take({ kind: 'end', entry, complete: gap[0] === gap[1] });
  }
  return bagCheck.finish(gapped);
}

const verdicts = (report: BagReport) =>
  Object.fromEntries([...report.files()].map(({ path, verdict }) => [path, verdict]));

test('a sound bag is valid, in whatever pieces it comes', () => {
  for (const step of [1, 7, 65, 1_000]) {
    const report = check(bag(), { step });
    expect(report).toMatchObject({
      valid: true,
      findings: [],
      info: { parcel: PARCEL, day: '2026-11-24', payloadBytes: 7, payloadFiles: 2 },
    });
    expect([...report.files()]).toEqual([
      { path: 'data/files/a', verdict: 'whole', size: 3, modified: 0, sha256: toHex(sha256(utf8Encode('one'))) },
      { path: 'data/files/b%', verdict: 'whole', size: 4, modified: 0, sha256: toHex(sha256(utf8Encode('four'))) },
    ]);
  }
});

describe('verdicts', () => {
  const other = (path: string, verdict: Verdict, files: Bag, gapped = false) => ({ path, verdict, files, gapped });
  const oneListed = { 'manifest-sha256.txt': line('one', 'data/files/a') };
  const cases = [
    other('data/files/a', 'differs', bag({ 'data/files/a': 'ONE' })),
    other('data/files/b%', 'differs', bag({ 'data/files/b%': 'FOUR' })),
    other('data/files/a', 'source-could-not-read', bag({ 'payload-status.txt': '-\n+\n' })),
    other('data/files/b%', 'source-changed', bag({ 'payload-status.txt': '+\n~\n' })),
    other('data/files/b%', 'differs', bag({ 'payload-status.txt': '+\n~\n', 'data/files/b%': 'FOUR' })),
    other('data/files/a', 'differs', bag({ 'payload-status.txt': '-\n+\n', 'data/files/a': 'ONE' })),
    other('data/files/b%', 'not-listed', bag({ ...oneListed, 'payload-status.txt': '+\n' })),
    other('data/files/a', 'missing', bag({ 'data/files/a': null })),
    other('data/files/b%', 'missing', bag({ 'data/files/b%': null })),
    other('data/files/a', 'incomplete', bag({ 'data/files/a': { text: 'one', gap: [1, 2] } }), true),
    other('data/files/b%', 'incomplete', bag({ 'data/files/b%': { text: 'four', gap: [0, 4] } }), true),
    other('data/files/a', 'arrived', bag({ 'manifest-sha256.txt': null, 'tagmanifest-sha256.txt': null }), true),
    other('data/files/a', 'arrived', bag({ 'payload-status.txt': null }), true),
    other('data/files/b%', 'arrived', bag({ 'payload-status.txt': { text: '+\n+\n', gap: [2, 4] } }), true),
    other(
      'data/files/b%',
      'arrived',
      bag({
        'manifest-sha256.txt': { text: line('one', 'data/files/a') + line('four', 'data/files/b%25'), gap: [100, 120] },
      }),
      true,
    ),
  ];
  test.each(cases)('$path $verdict', ({ path, verdict, files, gapped }) => {
    const report = check(files, { gapped });
    expect(verdicts(report)[path]).toBe(verdict);
    expect(report.counts[verdict]).toBeGreaterThan(0);
    expect(Object.values(report.counts).reduce((sum, count) => sum + count, 0)).toBe([...report.files()].length);
    expect(report.valid).toBe(verdict.startsWith('source-'));
    for (const file of report.files())
      expect(file.sha256 === null).toBe(file.verdict === 'missing' || file.verdict === 'incomplete');
  });

  test('lines before a missing stretch of the manifest count', () => {
    const text = line('one', 'data/files/a') + line('four', 'data/files/b%25');
    const report = check(bag({ 'data/files/a': 'ONE', 'manifest-sha256.txt': { text, gap: [100, 120] } }), {
      gapped: true,
    });
    expect(verdicts(report)).toEqual({ 'data/files/a': 'differs', 'data/files/b%': 'arrived' });
  });

  test('a manifest in another order finds its files', () => {
    const report = check(bag({ 'manifest-sha256.txt': line('four', 'data/files/b%25') + line('one', 'data/files/a') }));
    expect(report).toMatchObject({ valid: true, counts: { whole: 2 } });
  });
});

describe('findings', () => {
  const info = textIn(bag()['bag-info.txt']);
  const manifest = textIn(bag()['manifest-sha256.txt']);
  const tags = textIn(bag()['tagmanifest-sha256.txt']);
  const cases: readonly (readonly [string, string, Record<string, Bag[string] | null>])[] = [
    ['tag-malformed', 'bagit.txt', { 'bagit.txt': 'BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n' }],
    ['tag-malformed', 'bag-info.txt', { 'bag-info.txt': `${info}Extra: 1\n` }],
    ['parcel-differs', 'bag-info.txt', { 'bag-info.txt': info.replace(PARCEL, PARCEL.replaceAll('0', '1')) }],
    ['sender-differs', 'bag-info.txt', { 'bag-info.txt': info.replace(TEST_SENDER, TEST_SENDER.replace('6k', '7k')) }],
    ['oxum-differs', 'bag-info.txt', { 'bag-info.txt': info.replace('7.2', '8.2') }],
    ['oxum-differs', 'bag-info.txt', { 'bag-info.txt': info.replace('7.2', '7.3') }],
    ['tag-malformed', 'payload-status.txt', { 'payload-status.txt': '+\n*\n' }],
    ['tag-malformed', 'payload-status.txt', { 'payload-status.txt': '+\n+' }],
    ['tag-malformed', 'payload-status.txt', { 'payload-status.txt': '++\n\n' }],
    ['tag-malformed', 'payload-status.txt', { 'payload-status.txt': '+\n+\n+\n' }],
    ['tag-malformed', 'payload-status.txt', { 'payload-status.txt': '+\n' }],
    ['tag-malformed', 'manifest-sha256.txt', { 'manifest-sha256.txt': manifest.slice(0, -1) }],
    ['tag-malformed', 'manifest-sha256.txt', { 'manifest-sha256.txt': manifest + manifest }],
    ['tag-malformed', 'manifest-sha256.txt', { 'manifest-sha256.txt': `${manifest}\n` }],
    ['tag-malformed', 'manifest-sha256.txt', { 'manifest-sha256.txt': manifest.replace('%25', '%') }],
    ['tag-malformed', 'manifest-sha256.txt', { 'manifest-sha256.txt': 'x'.repeat(100_000) }],
    [
      'tag-malformed',
      'manifest-sha256.txt',
      { 'manifest-sha256.txt': `${manifest}${'0'.repeat(64)}  ${'x'.repeat(100_000)}\n` },
    ],
    [
      'tag-differs',
      'manifest-sha256.txt',
      {
        'tagmanifest-sha256.txt': TAGS.map((path) =>
          line(path.startsWith('manifest') ? 'x' : textIn(bag()[path]), path),
        ).join(''),
      },
    ],
    [
      'tag-differs',
      'bagit.txt',
      {
        'tagmanifest-sha256.txt': TAGS.map((path) => line(path === 'bagit.txt' ? 'x' : textIn(bag()[path]), path)).join(
          '',
        ),
      },
    ],
    ['tag-malformed', 'tagmanifest-sha256.txt', { 'tagmanifest-sha256.txt': tags.split('\n').slice(1).join('\n') }],
    ['tag-malformed', 'tagmanifest-sha256.txt', { 'tagmanifest-sha256.txt': tags + line('x', 'x') }],
    [
      'tag-malformed',
      'tagmanifest-sha256.txt',
      { 'tagmanifest-sha256.txt': tags.split('\n').toSorted().join('\n').slice(1) },
    ],
    ['tag-malformed', 'tagmanifest-sha256.txt', { 'tagmanifest-sha256.txt': '' }],
    ...[...TAGS, 'tagmanifest-sha256.txt'].map((path) => ['tag-missing', path, { [path]: null }] as const),
    ...[...TAGS, 'tagmanifest-sha256.txt'].map(
      (path) => ['tag-incomplete', path, { [path]: { text: textIn(bag()[path]), gap: [1, 2] as const } }] as const,
    ),
    [
      'empty',
      'bag-info.txt',
      { 'data/files/a': null, 'data/files/b%': null, 'manifest-sha256.txt': '', 'payload-status.txt': '' },
    ],
  ];
  test.each(cases)('%s %s', (kind, file, changes) => {
    const report = check(bag(changes));
    expect(report.findings).toContainEqual({ kind, file });
    expect(report.valid).toBe(false);
  });

  test('a gap alone makes a bag not valid, and what cannot be known of it is not held against it', () => {
    const report = check(bag({ 'data/files/b%': null }), { gapped: true });
    expect(report).toMatchObject({ valid: false, findings: [], counts: { whole: 1, missing: 1 } });
  });
});

test('a flipped bit anywhere in the stream of a parcel is never called valid (but for a time in a pax record, which no hash of a bag covers)', async () => {
  const { stream } = await testParcel(
    [
      { path: 'a', content: utf8Encode('one') },
      { path: 'é', content: utf8Encode('four'), modified: 0 },
    ],
    'hi',
  );
  expect(readBack(stream).report.valid).toBe(true);
  fc.assert(
    fc.property(fc.nat(stream.length * 8 - 1), (bit) => {
      const spoilt = stream.slice();
      spoilt[bit >> 3]! ^= 1 << (bit & 7);
      let valid = false;
      try {
        valid = readBack(spoilt).report.valid;
      } catch {
        // Refused by the reader.
      }
      expect(valid).toBe(false);
    }),
    { numRuns: 1_500 },
  );
});

test('a hundred thousand files, some missing: found out in good time', () => {
  const bagCheck = createBagCheck({
    parcel: PARCEL,
    sender: TEST_SENDER,
    createHash: () => ({ update: () => {}, digest: () => new Uint8Array(32) }),
  });
  const entry = (path: string, place: Place, size: number): FoundFile => ({ path, place, size, modified: 0, start: 0 });
  const count = 100_000;
  const gone = (i: number) => i % 100 === 3;
  for (let i = 0; i < count; i++) {
    if (gone(i)) continue;
    const file = entry(`data/files/folder/${i}.mp4`, 'file', 0);
    bagCheck.take({ kind: 'entry', entry: file });
    bagCheck.take({ kind: 'end', entry: file, complete: true });
  }
  const status = entry('payload-status.txt', 'payload-status', 2 * count);
  bagCheck.take({ kind: 'entry', entry: status });
  bagCheck.take({ kind: 'data', entry: status, offset: 0, bytes: utf8Encode('+\n'.repeat(count)) });
  bagCheck.take({ kind: 'end', entry: status, complete: true });
  const text = utf8Encode(
    Array.from({ length: count }, (_, i) => `${'0'.repeat(64)}  data/files/folder/${i}.mp4\n`).join(''),
  );
  const manifest = entry('manifest-sha256.txt', 'manifest', text.length);
  bagCheck.take({ kind: 'entry', entry: manifest });
  for (let at = 0; at < text.length; at += 65_536)
    bagCheck.take({ kind: 'data', entry: manifest, offset: at, bytes: text.subarray(at, at + 65_536) });
  bagCheck.take({ kind: 'end', entry: manifest, complete: true });
  expect(bagCheck.finish(true).counts).toMatchObject({ whole: 99_000, missing: 1_000, 'not-listed': 0 });
});
