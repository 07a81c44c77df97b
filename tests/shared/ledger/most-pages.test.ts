/** How many pages a ledger can need is known from the size of its parcel, which a server knows: it need not take more. */
import { expect, test } from 'vitest';
import { createLayout } from '../../../shared/parcel/layout.ts';
import { CLOSING_BYTES } from '../../../shared/ledger/closing.ts';
import { sealEntry } from '../../../shared/ledger/entry.ts';
import { encodeHead } from '../../../shared/ledger/head-text.ts';
import { nobleProvider as provider } from '../../../shared/crypto/noble-provider.ts';
import { sealPages } from '../../../shared/ledger/pages.ts';
import { MAX_LEDGER_PAGES, mostLedgerPages } from '../../../shared/protocol/limits.ts';
import { random } from '../../kit/random-bytes.ts';
import { day, ledgerKey, parcel } from '../../kit/test-ledger.ts';
import { TEST_SENDER } from '../../kit/test-mailbox.ts';

/** A path of so many bytes, none of its names longer than a name may be. */
function pathOf(bytes: number, number: number): string {
  const name = `${String(number).padStart(3, '0')}${'x'.repeat(Math.max(0, bytes - 3))}`;
  return name.replaceAll(/.{250}(?=..)/g, (piece) => `${piece.slice(0, -1)}/`);
}

test.each([1, 8, 300])('%d empty files with names of any length have no more pages than that', async (count) => {
  const parity = Array.from({ length: 16 }, () => random(32));
  const closing = random(CLOSING_BYTES);
  for (const bytes of [3, 20, 49, 50, 51, 56, 57, 177, 178, 250, 434, 946, 1970, 1971, 2500, 3840]) {
    const files = Array.from({ length: count }, (_, i) => ({ path: pathOf(bytes, i), size: 0, modified: -8.64e15 }));
    const layout = createLayout({
      parcel,
      day,
      sender: TEST_SENDER,
      replyRecipient: null,
      message: null,
      messageModified: 0,
      files,
    });
    const entry = await sealEntry(
      { ...files[0]!, sha256: random(32) },
      { key: random(32), index: 0, parcel, provider },
    );
    const text = encodeHead({ day, parity, closing, files: files.map(() => ({ tag: random(16), entry })) });
    const pages = await sealPages(text, { ledgerKey, parcel, provider, random });
    expect([bytes, pages.length <= mostLedgerPages(layout.paddedSize)]).toEqual([bytes, true]);
    expect([bytes, text.length <= 2 * layout.paddedSize + 65_536]).toEqual([bytes, true]);
  }
});

test('one page is enough for the smallest parcel, and no parcel has more than the most', () => {
  expect([1, 16_384, 98_270, 98_271, 2 ** 41].map(mostLedgerPages)).toEqual([1, 1, 1, 2, MAX_LEDGER_PAGES]);
});
