/** Time-stamp requests and answers: bytes of other people, read within bounds; what is cut or changed anywhere is no answer, or says something else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { der, derNumber, readDer, TAG } from '../../courier/der.ts';
import { nonceIn, readTimeStamp, timeStampRequest } from '../../courier/time-stamp.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const nonce = fc.uint8Array({ minLength: 8, maxLength: 8 });

test('an element reads back as it was written, whatever its length', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(TAG)), bytes(600), bytes(300), (tag, one, other) => {
      const both = Buffer.concat([der(tag, one), der(TAG.octets, other)]);
      const read = readDer(both)!;
      expect(read.map((each) => [each.tag, Buffer.from(each.content)])).toEqual([
        [tag, Buffer.from(one)],
        [TAG.octets, Buffer.from(other)],
      ]);
      expect(Buffer.concat(read.map(({ whole }) => whole))).toEqual(both);
      expect(readDer(both.subarray(0, -1)) === null || other.length === 0).toBe(true);
    }),
  );
});

test('a number is written in as few bytes as it needs, and never as a negative one', () => {
  const hex = (...given: number[]) => Buffer.from(derNumber(Uint8Array.from(given))).toString('hex');
  expect([hex(0), hex(0, 0, 5), hex(0x80), hex(0x7f, 0xff)]).toEqual(['020100', '020105', '02020080', '02027fff']);
});

test('a request is the known bytes, and its number is found in it again', () => {
  fc.assert(
    fc.property(hash, nonce, (sha256, number) => {
      const request = timeStampRequest(sha256, number);
      expect(Buffer.from(nonceIn(request)!)).toEqual(Buffer.from(derNumber(number)));
      expect(Buffer.from(request).includes(Buffer.from(sha256))).toBe(true);
    }),
  );
  const request = timeStampRequest(new Uint8Array(32).fill(0xab), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  expect(Buffer.from(request).toString('hex')).toBe(
    `30430201013031300d060960864801650304020105000420${'ab'.repeat(32)}020801020304050607080101ff`,
  );
});

test('any bytes are an answer or none, and never an error', () => {
  fc.assert(
    fc.property(bytes(200), (any) => {
      expect(() => readTimeStamp(any)).not.toThrow();
      expect(() =>
        readTimeStamp(der(TAG.sequence, der(TAG.sequence, der(TAG.integer, Uint8Array.of(0))), any)),
      ).not.toThrow();
      expect(() => nonceIn(any)).not.toThrow();
    }),
  );
});

test('a refusal is no stamp, and a stamp that is granted has something in it', () => {
  const status = (code: number) => der(TAG.sequence, der(TAG.sequence, der(TAG.integer, Uint8Array.of(code))));
  expect(readTimeStamp(status(2))).toEqual({ granted: false, sha256: null, time: null, nonce: null });
  expect(readTimeStamp(status(0))).toBeNull();
  expect(readTimeStamp(Buffer.concat([status(2), Buffer.of(5, 0)]))).toBeNull();
});
