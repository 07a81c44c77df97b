/** `npm run soak -- --browser chromium --size 6G`: the main story with much footage, and the memory that it took. */
import { parseArgs } from 'node:util';
import { bytesInWords, durationInWords } from '../../courier/text.ts';
import { parseSize } from '../kit/sizes.ts';
import { tellStory } from '../kit/story.ts';

const LIMIT = 300_000_000;

const { values } = parseArgs({
  options: { browser: { type: 'string', default: 'chromium' }, size: { type: 'string', default: '6G' } },
});
const { browser } = values;
if (browser !== 'chromium' && browser !== 'firefox') throw new Error('--browser is chromium or firefox');

// Ended from outside, it still tidies up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const report = await tellStory({ browser, big: parseSize(values.size), say: (line) => console.error(line) });
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
