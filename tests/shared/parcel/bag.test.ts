/** The texts of a bag read back as they were written, and in no other spelling. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex } from '../../../shared/bytes/hex.ts';
import {
  encodeBagInfo,
  manifestLine,
  parseBagInfo,
  parseManifestLine,
  startOfDay,
} from '../../../shared/parcel/bag.ts';
import { cleanPath } from '../../../shared/parcel/path.ts';
import { rawPath } from '../../kit/arbitrary-files.ts';
import { PARCEL } from '../../kit/parcel-stream.ts';
import vectors from '../../vectors/parcel-manifest.json' with { type: 'json' };
import { TEST_SENDER } from '../../kit/test-mailbox.ts';

const damaged = expect.objectContaining({ code: 'bag-damaged' });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('the manifest lines of the vectors', () => {
  for (const { sha256, path, line } of vectors.lines) {
    expect(manifestLine(fromHex(sha256), path)).toBe(line);
    expect(parseManifestLine(line.slice(0, -1))).toEqual({ sha256: fromHex(sha256), path });
  }
  for (const line of vectors.refused) expect(() => parseManifestLine(line), line).toThrow(damaged);
});

test('manifest lines read back, and hold neither CR nor a second LF', () => {
  fc.assert(
    fc.property(hash, rawPath, (sha256, raw) => {
      const { path } = cleanPath(raw);
      const line = manifestLine(sha256, path);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line).not.toContain('\r');
      const parsed = parseManifestLine(line.slice(0, -1));
      expect(parsed.path).toBe(path);
      expect(parsed.sha256).toEqual(sha256);
    }),
    { numRuns: 2_000 },
  );
});

test('a line that parses is the one spelling of what it says', () => {
  const digits = fc.stringMatching(/^[0-9a-f]{64}$/);
  const rest = fc.stringMatching(/^[ %0-9ADad\r\n*/a-c]{1,20}$/);
  fc.assert(
    fc.property(digits, rest, (hex, text) => {
      let parsed;
      try {
        parsed = parseManifestLine(`${hex}  ${text}`);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bag-damaged' });
        return;
      }
      expect(manifestLine(parsed.sha256, parsed.path)).toBe(`${hex}  ${text}\n`);
    }),
    { numRuns: 3_000 },
  );
});

const info = {
  day: '2026-11-24',
  payloadBytes: 279_164_409_832,
  payloadFiles: 1198,
  parcel: PARCEL,
  sender: TEST_SENDER,
  replyRecipient: 'age1pq1qqqq',
};
const text = `Bag-Software-Agent: Postern/1\nBagging-Date: 2026-11-24\nPayload-Oxum: 279164409832.1198\nPostern-Parcel: ${PARCEL}\nPostern-Sender-Key: ${TEST_SENDER}\nPostern-Reply-Recipient: age1pq1qqqq\n`;

test('bag-info reads back', () => {
  expect(encodeBagInfo(info)).toBe(text);
  const arbitrary = fc.record({
    day: fc
      .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    payloadBytes: fc.maxSafeInteger().map(Math.abs),
    payloadFiles: fc.integer({ min: 0, max: 1_000_000 }),
    parcel: fc.stringMatching(/^[0-9a-f]{32}$/),
    sender: fc.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    replyRecipient: fc.oneof(fc.constant(null), fc.stringMatching(/^age1(pq1)?[02-9ac-hj-np-z]{1,100}$/)),
  });
  fc.assert(
    fc.property(arbitrary, (fields) => {
      expect(parseBagInfo(encodeBagInfo(fields))).toEqual(fields);
    }),
  );
});

test('bag-info in any other form is refused', () => {
  const bad = [
    '',
    text.slice(0, -1),
    `${text}\n`,
    `${text}Extra: 1\n`,
    text.replace('Postern/1', 'Postern/2'),
    text.replace('11-24', '11-31'),
    text.replace('2026-11-24', '26-11-24'),
    text.replace('Oxum: 2', 'Oxum: 02'),
    text.replace('.1198', '.01198'),
    text.replace('.1198', ''),
    text.replace('2791', '99999999992791'),
    text.replace(PARCEL, PARCEL.toUpperCase()),
    text.replace(TEST_SENDER, TEST_SENDER.slice(1)),
    text.replace(`Postern-Sender-Key: ${TEST_SENDER}\n`, ''),
    text.replaceAll('\n', '\r\n'),
    text.replace('age1pq1', 'AGE1PQ1'),
    text.replace('qqqq', 'qbqq'),
    text.replace(': age', ':  age'),
    text.toLowerCase(),
    text.split('\n').toReversed().join('\n'), // prettier-ignore
  ];
  for (const form of bad) expect(() => parseBagInfo(form), form).toThrow(damaged);
  for (const change of [
    { day: '2026-02-30' },
    { day: 'today' },
    { payloadBytes: -1 },
    { payloadBytes: 1.5 },
    { payloadBytes: 2 ** 53 },
    { parcel: '..' },
    { sender: '' },
    { sender: `${TEST_SENDER}\n` },
    { replyRecipient: 'a\nb' },
    { replyRecipient: '' },
  ]) {
    expect(() => encodeBagInfo({ ...info, ...change })).toThrow(damaged);
  }
});

test('a day begins at midnight UTC', () => {
  expect(startOfDay('2026-11-24')).toBe(Date.UTC(2026, 10, 24));
  for (const day of ['2026-13-01', '2026-02-29', '2026-1-1', '', '2026-11-24T00', '+02026-11-24'])
    expect(() => startOfDay(day)).toThrow(damaged);
});
