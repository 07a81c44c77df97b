/** Zero is told from not zero at every place and every alignment. */
import { expect, test } from 'vitest';
import { isZero } from '../../../shared/bytes/zero.ts';

test('one set bit anywhere is seen, bits outside are not', () => {
  for (let start = 0; start < 9; start++) {
    for (let length = 0; length < 20; length++) {
      const whole = new Uint8Array(40).fill(0xff);
      const bytes = whole.subarray(start, start + length);
      bytes.fill(0);
      expect(isZero(bytes)).toBe(true);
      for (let at = 0; at < length; at++) {
        bytes[at] = 1;
        expect(isZero(bytes)).toBe(false);
        bytes[at] = 0;
      }
    }
  }
});
