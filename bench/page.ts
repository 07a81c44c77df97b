/** docs/benchmarks.md: a chapter for each command, with the command, the machine and the day; a run replaces its own chapter and no other. */
import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../tests/kit/programs.ts';
import { machineInWords } from './machine.ts';

const PAGE = join(PROJECT, 'docs/benchmarks.md');
const HEAD = `# Benchmarks

Each chapter is the report of one command. What is compared ran in turns on the same machine, all parties sharing its cores.
`;

/** The first lines of a chapter: what was run, on what, when. */
export function chapterHead(title: string, command: string, args: readonly string[]): string[] {
  const typed = ['npm run bench --', command, ...args.filter((each) => each !== '--write')].join(' ');
  return [
    `## ${title}`,
    '',
    `- Command: \`${typed}\``,
    `- Machine: ${machineInWords()}`,
    `- Load when it began (a quiet machine has 0): ${loadavg()[0]!.toFixed(1)}`,
    `- Day: ${new Date().toISOString().slice(0, 10)}`,
  ];
}

/** Puts a chapter into the page, in the place of the one of its title or at the end. */
export async function writeChapter(lines: readonly string[]): Promise<void> {
  const [, ...there] = (await readFile(PAGE, 'utf8')).split(/^(?=## )/m);
  const text = `${lines.join('\n').trimEnd()}\n`;
  const at = there.findIndex((chapter) => chapter.startsWith(`${lines[0]}\n`));
  const chapters = at < 0 ? [...there, text] : there.toSpliced(at, 1, text);
  await writeFile(PAGE, [HEAD, ...chapters.map((chapter) => `${chapter.trimEnd()}\n`)].join('\n'));
}
