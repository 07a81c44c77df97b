/** What the frame that draws a PDF says is taken for what it may be, and for nothing else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ASSET_FOLDERS, parseFromFrame } from '../../../desk/viewer/pdf/messages.ts';

const SIZE = 1000;
const number = fc.oneof(fc.integer({ min: -5, max: 2_000_000_000 }), fc.double(), fc.constant(NaN));
const name = fc.oneof(
  fc.string(),
  fc.constantFrom('Adobe-Japan1-0.bcmap', '../../x.js', 'a/b.wasm', 'a.html', 'x.js\n'),
);
/** Near to what is allowed, so that each rule is met. */
const said = fc.record(
  {
    kind: fc.oneof(
      fc.constantFrom('ready', 'want-range', 'want-asset', 'opened', 'shown', 'failed', '__proto__'),
      fc.anything(),
    ),
    from: fc.oneof(number, fc.anything()),
    to: fc.oneof(number, fc.anything()),
    number: fc.oneof(number, fc.anything()),
    folder: fc.oneof(fc.constantFrom(...ASSET_FOLDERS), fc.string()),
    name,
    pages: fc.oneof(number, fc.anything()),
    page: fc.oneof(number, fc.anything()),
    why: fc.anything(),
  },
  { requiredKeys: [] },
);

describe('a message of the frame', () => {
  test('of any kind whatever is refused or safe, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(said, fc.anything()), (data) => {
        const message = parseFromFrame(data, SIZE);
        if (message === null) return;
        if (message.kind === 'want-range') {
          expect(Number.isSafeInteger(message.from) && Number.isSafeInteger(message.to)).toBe(true);
          expect(message.from).toBeGreaterThanOrEqual(0);
          expect(message.to).toBeGreaterThan(message.from);
          expect(message.to).toBeLessThanOrEqual(SIZE);
        }
        if (message.kind === 'want-asset') {
          expect(ASSET_FOLDERS).toContain(message.folder);
          const { origin, pathname } = new URL(`/pdf/${message.folder}/${message.name}`, 'http://page');
          expect([origin, pathname]).toEqual(['http://page', `/pdf/${message.folder}/${message.name}`]);
        }
        if (message.kind === 'failed') expect(['locked', 'damaged']).toContain(message.why);
      }),
      { numRuns: 2000 },
    );
  });

  test('brings along nothing that was not looked at', () => {
    fc.assert(
      fc.property(said, (data) => {
        const message = parseFromFrame({ ...data, extra: 'x', constructor: 'y' }, SIZE);
        if (message !== null) expect(Object.keys(message)).not.toContain('extra');
      }),
    );
  });

  test.for<[unknown]>([
    [{ kind: 'want-range', from: 0, to: SIZE }],
    [{ kind: 'want-asset', number: 3, folder: 'cmaps', name: 'Adobe-Japan1-0.bcmap' }],
    [{ kind: 'opened', pages: 12 }],
    [{ kind: 'shown', page: 1 }],
    [{ kind: 'failed', why: 'locked' }],
    [{ kind: 'ready' }],
  ])('that is as it should be is taken: %j', ([data]) => {
    expect(parseFromFrame(data, SIZE)).toEqual(data);
  });

  test.for<[unknown]>([
    [{ kind: 'want-range', from: 0, to: SIZE + 1 }],
    [{ kind: 'want-range', from: 5, to: 5 }],
    [{ kind: 'want-range', from: 0.5, to: 5 }],
    [{ kind: 'want-range', from: '0', to: '5' }],
    [{ kind: 'want-asset', number: 1, folder: 'wasm', name: '../worker.js' }],
    [{ kind: 'want-asset', number: 1, folder: 'wasm', name: 'x.html' }],
    [{ kind: 'want-asset', number: 1, folder: '__proto__', name: 'x.js' }],
    [{ kind: 'opened', pages: Infinity }],
    [{ kind: 'navigate', to: 'http://elsewhere' }],
    ['ready'],
    [null],
  ])('that is not is refused: %j', ([data]) => {
    expect(parseFromFrame(data, SIZE)).toBeNull();
  });
});
