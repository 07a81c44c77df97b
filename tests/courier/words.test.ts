/** The courier's numbers and its words for a disk that fails. */
import { describe, expect, test } from 'vitest';
import { Halt, diskTrouble } from '../../courier/halt.ts';
import { bytesInWords, countInWords, durationInWords } from '../../courier/text.ts';

test('sizes and times are short', () => {
  expect([0, 999, 1000, 99_949, 99_951, 999_500, 6e9, 4.2e13].map(bytesInWords)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '99.9 kB',
    '100 kB',
    '1.0 MB',
    '6.0 GB',
    '42.0 TB',
  ]);
  expect([0, 59.4, 61, 3599.6, 7635].map(durationInWords)).toEqual(['0:00', '0:59', '1:01', '1:00:00', '2:07:15']);
  expect([countInWords(1, 'parcel'), countInWords(2, 'parcel')]).toEqual(['1 parcel', '2 parcels']);
});

describe('trouble with the disk', () => {
  test.each([
    ['ENOSPC', 'disk-full', 'The disk that holds /b/x is full.'],
    ['EDQUOT', 'disk-full', 'The disk that holds /b/x is full.'],
    ['EROFS', 'disk', 'This account may not write /b/x.'],
    ['EIO', 'disk', 'The disk that holds /b/x gives errors.'],
    ['ENOENT', 'disk', '/b/x is not there any more.'],
    ['EFBIG', 'disk', '/b/x cannot be written (EFBIG).'],
  ])('%s is said as %s', (code, halt, sentence) => {
    const told = diskTrouble(Object.assign(new Error(code), { code }), '/b/x');
    expect(told).toBeInstanceOf(Halt);
    expect(told).toMatchObject({ code: halt, message: sentence, exit: 3 });
  });

  test('other errors stay what they are', () => {
    const error = new TypeError('x');
    expect(diskTrouble(error, '/b')).toBe(error);
  });
});
