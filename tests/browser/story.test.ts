/** The main story in each browser, with as much footage as POSTERN_TEST_BIG says (160M): kills, traces, bag. */
import { expect, test } from 'vitest';
import { BROWSERS } from '../kit/browsers.ts';
import { parseSize } from '../kit/sizes.ts';
import { tellStory } from '../kit/story.ts';

const BIG = parseSize(process.env['POSTERN_TEST_BIG'] ?? '160M');

test.each(BROWSERS)(
  'footage goes in at %s and comes out at the desk, whatever is killed in between',
  async (browser) => {
    const report = await tellStory({ browser, big: BIG, say: (line) => console.log(`${browser}: ${line}`) });
    expect(report).toMatchObject({ serverKills: 5, databaseKills: 1 });
  },
);
