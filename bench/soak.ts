/**
 * `npm run bench -- soak --browser chromium --size 6G`: the main story with much footage, and the memory that it took.
 * `npm run bench -- soak --story reboot --size 2G --kills 10`: one submission through browsers that are killed, in turns.
 */
import { parseArgs } from 'node:util';
import { bytesInWords, durationInWords } from '../courier/text.ts';
import type { BrowserName } from '../tests/kit/browser.ts';
import { BROWSERS } from '../tests/kit/browsers.ts';
import { tellRebootStory } from '../tests/kit/reboot-story.ts';
import { parseSize } from '../tests/kit/sizes.ts';
import { tellStory } from '../tests/kit/story.ts';

const LIMIT = 300_000_000;

/** Runs the story that the arguments name; the exit code tells whether memory stayed below the limit. */
export async function soak(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      story: { type: 'string', default: 'main' },
      browser: { type: 'string', default: 'chromium' },
      size: { type: 'string' },
      kills: { type: 'string', default: '10' },
    },
  });
  const { browser, story } = values;
  if (browser !== 'chromium' && browser !== 'firefox') throw new Error('--browser is chromium or firefox');
  if (story !== 'main' && story !== 'reboot') throw new Error('--story is main or reboot');
  if (story === 'main') await soakMain(browser, parseSize(values.size ?? '6G'));
  else await soakReboot(parseSize(values.size ?? '2G'), Number(values.kills));
}

const say = (line: string) => console.error(line);

async function soakMain(browser: BrowserName, big: number): Promise<void> {
  const report = await tellStory({ browser, big, say });
  console.log(`${browser}, ${bytesInWords(report.bytes)} in ${report.parts} parts`);
  console.log(
    `upload   ${durationInWords(report.uploadMs / 1000)}, ${report.serverKills} kills of the server, ${report.databaseKills} of PostgreSQL`,
  );
  console.log(`pull     ${durationInWords(report.pullMs / 1000)}, killed after ${report.beforeKill} parts`);
  console.log(`extract  ${durationInWords(report.extractMs / 1000)}`);
  for (const [name, { resident, own }] of report.memory) {
    const words = `${bytesInWords(resident)} resident at most, ${bytesInWords(own)} of it its own`;
    console.log(`memory   ${name}: ${words}${resident > LIMIT ? ' — MORE THAN 300 MB' : ''}`);
  }
  process.exitCode = [...report.memory.values()].every(({ resident }) => resident <= LIMIT) ? 0 : 1;
}

async function soakReboot(big: number, kills: number): Promise<void> {
  const report = await tellRebootStory({ browsers: BROWSERS, big, kills, chance: Math.random, say });
  const longest = Math.max(...report.takenUpAfter) / 1000;
  console.log(`${bytesInWords(report.bytes)} in ${report.parts} parts through ${report.kills} kills of the browser`);
  console.log(`${report.sentAgain} parts were sent by two browsers; every file key is distinct; the bag is the same`);
  console.log(`words and files to going on: ${durationInWords(longest)} at the longest`);
}
