/** What the mailbox page shows of what a codename opens, and above all what it never shows. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { en } from '../../../client/locales/en.ts';
import type { MailboxLook } from '../../../client/mailbox/mailbox.ts';
import type { MailboxSession } from '../../../client/mailbox/mailbox-session.ts';
import { MailboxPage } from '../../../client/pages/MailboxPage.tsx';
import type { MailboxView } from '../../../client/pages/use-mailbox.ts';
import { drawOrganisation } from '../mailbox/correspondents.ts';

const { card } = await drawOrganisation();
const EMPTY: MailboxLook = { unfinished: [], sealed: [], replies: [], refused: 0 };
const MIB = 1_048_576;
const opening = { mailbox: new Uint8Array(32), card: 1, partSize: 8 * MIB, size: 100_000_000 };

/** The text of the page for what a mailbox shows. */
function pageOf(look: MailboxLook | null, change: Partial<MailboxView> = {}): string {
  // Nothing of the session is used before the page is in a browser.
  const session = {} as MailboxSession;
  const view: MailboxView = {
    signedIn: { session, keys: {} as never },
    look,
    away: false,
    work: null,
    problem: null,
    refresh: () => Promise.resolve(),
    act: () => Promise.resolve(null),
    ...change,
  };
  const ignore = (): void => undefined;
  const acts = { onResume: ignore, onWrite: ignore, onCompare: ignore, onAnother: ignore };
  const html = renderToStaticMarkup(createElement(MailboxPage, { card, view, refused: null, ...acts }));
  return html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll(/\s+/g, ' ');
}

describe('a mailbox that very many want into', () => {
  test('says in words that this computer works, at most how long, and that nothing is lost', () => {
    for (const look of [null, EMPTY]) {
      const text = pageOf(look, { work: { part: 0.25, secondsLeft: 11 } });
      expect(text).toContain(en['mailbox.in-line']);
      expect(text).toContain('At most about 15 seconds more');
      expect(text).toContain('25%');
    }
    expect(pageOf(null)).not.toContain(en['mailbox.in-line']);
  });
});

describe('an empty mailbox', () => {
  test('is one sentence, with the hint to compare the words, and nothing to clear', () => {
    const text = pageOf(EMPTY);
    expect(text).toContain(en['mailbox.empty']);
    expect(text).toContain(en['mailbox.compare']);
    expect(text).not.toContain(en['forget.open']);
  });
});

describe('what was sealed', () => {
  test('shows its day and whether it was collected: no size, no number of parcel, no name', () => {
    const parcel = 'ab'.repeat(16);
    const sealed = [{ parcel, day: '2026-11-03', collected: false, receipt: null }];
    const text = pageOf({ ...EMPTY, sealed });
    expect(text).toContain('Received on 3 November 2026');
    expect(text).toContain(en['sealed.delete']);
    expect(text).not.toContain(parcel);
    expect(text).not.toMatch(/\d+(?:\.\d)? ?(?:bytes?|[kMGT]B)/);
    const collected = pageOf({ ...EMPTY, sealed: sealed.map((each) => ({ ...each, collected: true })) });
    expect(collected).toContain('collected by');
    expect(collected).not.toContain(en['sealed.delete']);
  });
});

describe('what is not finished', () => {
  const unfinished = { parcel: 'cd'.repeat(16), finished: 5, pages: 1, writer: 0 };
  const begun = { ...unfinished, opening: { ...opening, parcel: unfinished.parcel } };

  test('shows how much has arrived; it is gone on with only where its list is there', () => {
    const text = pageOf({ ...EMPTY, unfinished: [begun] });
    expect(text).toContain('41.9 MB of 100 MB have arrived.');
    expect(text).toContain(en['unfinished.go-on']);
    const words = pageOf({ ...EMPTY, unfinished: [{ ...begun, pages: 0 }] });
    expect(words).not.toContain(en['unfinished.go-on-hint']);
    expect(words).toContain(en['unfinished.no-list']);
  });

  test('is finished without a file when all of it has arrived, also where there is no list', () => {
    for (const pages of [0, 1]) {
      const text = pageOf({ ...EMPTY, unfinished: [{ ...begun, pages, finished: 12 }] });
      expect(text).toContain(en['unfinished.arrived']);
      expect(text).toContain(en['unfinished.finish']);
      expect(text).not.toContain(en['unfinished.go-on']);
      expect(text).toContain(en['unfinished.withdraw']);
    }
  });
});

describe('replies', () => {
  const replies = Array.from({ length: 200 }, (_, i) => ({
    ...opening,
    parcel: (i + 1).toString(16).padStart(32, '0'),
    number: i + 1,
    day: '2026-11-03',
  }));

  test('of 200 the ten newest are listed, newest first', () => {
    const text = pageOf({ ...EMPTY, replies });
    expect(text).toContain('200 replies');
    const numbers = [...text.matchAll(/Reply (\d+), 3 November/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual([200, 199, 198, 197, 196, 195, 194, 193, 192, 191]);
  });

  test('those that were not made by the organisation are counted, and no more', () => {
    const text = pageOf({ ...EMPTY, refused: 2 });
    expect(text).toContain('2 more replies are here');
    expect(text).not.toContain(en['mailbox.title-empty']);
  });
});

test('while nothing is known yet it says what it waits for', () => {
  expect(pageOf(null, { signedIn: null })).toContain(en['mailbox.keys']);
  expect(pageOf(null)).toContain(en['mailbox.asking']);
  expect(pageOf(null, { away: true })).toContain(en['mailbox.away']);
  expect(pageOf(EMPTY, { away: true })).toContain(en['mailbox.away']);
});
