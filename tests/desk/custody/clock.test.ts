/** When the desk says that its clock is doubtful, and when it does not. */
import { expect, test } from 'vitest';
import { clockDoubt } from '../../../desk/custody/clock.ts';
import type { Card } from '../../../shared/statements/card.ts';
import { testCardOf } from '../../kit/test-card.ts';
import { testMailbox } from '../../kit/test-mailbox.ts';

const key = await testMailbox();
const card: Card = testCardOf({ root: key, reply: key, receipt: key }, { issued: '2026-12-01' });

test.each([
  ['1970-01-01T00:00:10Z', [], 'not set'],
  ['2026-11-20T00:00:00Z', [], 'issued on 2026-12-01'],
  ['2026-12-05T00:00:00Z', ['2026-12-02', '2026-12-09'], 'received something on 2026-12-09'],
  ['2041-01-01T00:00:00Z', [], 'may be fast'],
])('%s is doubtful', (now, receiptDays, words) => {
  expect(clockDoubt(new Date(now), { card, receiptDays })).toContain(words);
});

test.each([
  ['2026-12-05T00:00:00Z', ['2026-12-05']],
  // The server's day is UTC as this one is, and its clock may be some hours ahead.
  ['2026-12-05T23:00:00Z', ['2026-12-06']],
  ['2026-11-30T23:00:00Z', []],
  ['2037-01-01T00:00:00Z', []],
])('%s is not', (now, receiptDays) => {
  expect(clockDoubt(new Date(now), { card, receiptDays })).toBeNull();
});

test('a card that can be used by nobody yet makes the clock doubtful', () => {
  const ahead = { ...card, recipients: card.recipients.map((each) => ({ ...each, from: '2027-02-01' })) };
  expect(clockDoubt(new Date('2027-01-30T23:00:00Z'), { card: ahead, receiptDays: [] })).toContain('before 2027-02-01');
  expect(clockDoubt(new Date('2027-01-31T00:00:00Z'), { card: ahead, receiptDays: [] })).toBeNull();
});
