/** What an answer that puts off means for the next try. */
import { expect, test } from 'vitest';
import { backoff } from '../../../client/upload/backoff.ts';
import { createExchanges } from '../../../client/upload/link.ts';
import type { Link } from '../../../client/upload/link.ts';
import { pauseIn } from '../../../client/upload/transport.ts';

const saying = (value: string | null) => ({
  status: 503,
  text: '',
  header: (name: string) => (name === 'retry-after' ? value : null),
});

test('the pause that a server asks for is read, and never longer than a minute', () => {
  expect(['7', '0', '90', '999999'].map((value) => pauseIn(saying(value)))).toEqual([7_000, 0, 60_000, 60_000]);
  for (const value of [null, '', '-1', '1.5', 'Wed, 21 Oct 2026 07:28:00 GMT', '9'.repeat(400)])
    expect([value, pauseIn(saying(value))]).toEqual([value, 0]);
  expect(pauseIn(null)).toBe(0);
});

test('a wait after trouble is as long as was asked for, or longer', async () => {
  const rests: number[] = [];
  const random = (length: number) => new Uint8Array(length).fill(255);
  const link = {
    random,
    onTrouble: () => undefined,
    gate: {
      rest: (milliseconds: number) => {
        rests.push(milliseconds);
        return Promise.resolve();
      },
    },
  } as unknown as Link;
  const exchange = createExchanges(link)();
  await exchange.failed('server-busy', 7_000);
  await exchange.failed('server-busy', 0);
  for (let i = 0; i < 8; i++) await exchange.failed(null, 7_000);
  expect(rests.slice(0, 2)).toEqual([7_000, backoff(2, random)]);
  expect(rests.at(-1)).toBe(backoff(10, random));
});
