/** docs/database.md: what the bench of scale found. */
import type { Plan } from './scale-plans.ts';
import type { ScaleSizes } from './scale-rows.ts';
import { table } from './table.ts';

interface Spread {
  readonly median: number;
  readonly p95: number;
}

/** Times in milliseconds. */
export interface ScaleFigures {
  readonly machine: string;
  readonly sizes: ScaleSizes;
  /** Calls of each kind at each server. */
  readonly count: number;
  readonly calls: readonly { readonly what: string; readonly small: Spread; readonly large: Spread }[];
  readonly rounds: readonly { readonly what: string; readonly longest: number }[];
  readonly plans: readonly Plan[];
}

/** The page in Markdown. */
export function scalePage({ machine, sizes, count, calls, rounds, plans }: ScaleFigures): string {
  const ms = (time: number): string => time.toFixed(time < 10 ? 2 : 1);
  const whole = (number: number): string => number.toLocaleString('en-US');
  const cells = calls.map(({ what, small, large }) => [
    what,
    ...[small, large].map(({ median, p95 }) => `${ms(median)} / ${ms(p95)}`),
    (large.median / small.median).toFixed(2),
  ]);
  return `# The database at scale

Written by \`npm run bench -- scale --write\`. Two servers, each with a PostgreSQL of its own under its usual settings, are asked in turns, one
call at a time: one database is nearly empty, the other holds ${whole(sizes.mailboxes)} mailboxes, ${whole(sizes.parcels)} parcels and ${whole(sizes.parts)} parts. A mailbox
is known only by what lies in it, or by having been forgotten: those without parcels are of the second kind.

${machine}

## Calls

Milliseconds of ${count} calls each, median / 95th of 100. The look into a mailbox takes 50 ms by design, so its query is measured by itself too.

${table(['call', 'nearly empty', 'full', 'times'], cells)}

## What runs by itself

Each statement must end within 10 seconds.

${table(
  ['work', 'longest of five, ms'],
  rounds.map(({ what, longest }) => [what, ms(longest)]),
)}

## Plans

Of the statements as the program runs them, in the full database.
${plans.map(({ what, lines }) => `\n### ${what}\n\n\`\`\`\n${lines.join('\n')}\n\`\`\`\n`).join('')}`;
}
