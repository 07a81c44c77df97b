/** Boxes: open with their secret in their place, and in no other way. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BOX_OVERHEAD, openBox, sealBox } from '../../../shared/ledger/box.ts';
import { cipherProviders } from '../../kit/cipher-providers.ts';
import { random } from '../../kit/random-bytes.ts';

const damaged = expect.objectContaining({ code: 'ledger-damaged' });

describe.each(cipherProviders)('$name', (provider) => {
  const secret = random(32);
  const info = 'postern/ledger/v1/test';

  test('what is sealed opens, by every provider', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (plaintext) => {
        const box = await sealBox({ secret, info, plaintext, random, provider });
        expect(box).toHaveLength(plaintext.length + BOX_OVERHEAD);
        for (const other of cipherProviders)
          expect(new Uint8Array(await openBox({ secret, info, box, provider: other }))).toEqual(
            new Uint8Array(plaintext),
          );
      }),
      { numRuns: 30 },
    );
  });

  test('a changed, cut or lengthened box is damaged, and so is one elsewhere', async () => {
    const box = await sealBox({ secret, info, plaintext: random(40), random, provider });
    const changed = Array.from({ length: box.length }, (_, at) => {
      const copy = box.slice();
      copy[at]! ^= 1 << (at % 8);
      return copy;
    });
    const cut = Array.from({ length: box.length }, (_, length) => box.slice(0, length));
    const longer = [new Uint8Array([...box, 0])];
    for (const wrong of [...changed, ...cut, ...longer])
      await expect(openBox({ secret, info, box: wrong, provider })).rejects.toThrow(damaged);
    await expect(openBox({ secret, info: `${info}/0`, box, provider })).rejects.toThrow(damaged);
    await expect(openBox({ secret: random(32), info, box, provider })).rejects.toThrow(damaged);
  });
});

test('the same twice is two boxes that have nothing in common', async () => {
  const input = { secret: random(32), info: 'a', plaintext: new Uint8Array(64), random, provider: cipherProviders[0]! };
  const [one, two] = [await sealBox(input), await sealBox(input)];
  expect(one.filter((byte, i) => byte === two[i]).length).toBeLessThan(20);
});
