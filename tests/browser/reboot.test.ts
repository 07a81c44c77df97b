/** The story of seven words in real browsers, with little: killed, profile deleted, gone on with elsewhere by the other browser. */
import { expect, test } from 'vitest';
import { BROWSERS } from '../kit/browsers.ts';
import { tellRebootStory } from '../kit/reboot-story.ts';

const MIB = 1_048_576;

test('one submission goes on in another browser after each kill, and the bag is what was chosen at first', async () => {
  const report = await tellRebootStory({
    browsers: BROWSERS,
    big: 300 * MIB,
    kills: 3,
    chance: Math.random,
    say: (line) => console.log(line),
  });
  expect(report.kills).toBe(3);
});
