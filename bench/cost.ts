/** `npm run bench -- cost`: what a gigabyte costs the server, in processor seconds and memory, beside bare `@tus/server` with its own stores. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bytesInWords } from '../courier/text.ts';
import { cpuOf } from '../tests/kit/cpu.ts';
import { startDrop } from '../tests/kit/drop.ts';
import { memoryOf } from '../tests/kit/memory.ts';
import { run, startNode } from '../tests/kit/programs.ts';
import { startRgw } from '../tests/kit/rgw.ts';
import { parseSize } from '../tests/kit/sizes.ts';
import { temporaryFolder } from '../tests/kit/temporary-folder.ts';
import { until } from '../tests/kit/waiting.ts';
import { loadOurs, loadPlain } from './cost-load.ts';
import { chapterHead, writeChapter } from './page.ts';
import { median, rate, table } from './table.ts';

interface Cost {
  readonly ms: number;
  /** Processor seconds for each GB. */
  readonly cpu: number;
  /** Bytes resident at most. */
  readonly peak: number;
}

/** Prints a report; with --write it becomes a chapter of docs/benchmarks.md. */
export async function cost(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: '2G' },
      rounds: { type: 'string', default: '3' },
      stores: { type: 'string', default: 'disk,s3' },
      write: { type: 'boolean', default: false },
    },
  });
  const [size, rounds] = [parseSize(values.size), Number(values.rounds)];
  const head = chapterHead('What a gigabyte costs the server', 'cost', args);
  const rows: string[][] = [];
  for (const store of ['disk', 's3'] as const) {
    if (!values.stores.split(',').includes(store)) continue;
    await using rgw = store === 's3' ? await startRgw(24) : null;
    const ours: Cost[] = [];
    const plain: Cost[] = [];
    for (let round = 1; round <= rounds; round++) {
      const settings = async () =>
        rgw === null ? {} : { ...rgw.settings, POSTERN_S3_BUCKET: (await rgw.newBucket()).bucket };
      plain.push(await costOfPlain(size, await settings()));
      ours.push(await costOfOurs(size, await settings()));
      console.error(`${store} ${round}: plain ${inWords(plain.at(-1)!)}, Postern ${inWords(ours.at(-1)!)}`);
    }
    const of = (costs: readonly Cost[], what: keyof Cost) => median(costs.map((each) => each[what]));
    const line = (name: string, costs: readonly Cost[]) => [
      name,
      store,
      of(costs, 'cpu').toFixed(2),
      `${Math.round(of(costs, 'peak') / 1e6)} MB`,
      rate(size, of(costs, 'ms')),
    ];
    rows.push(line('@tus/server', plain), line('Postern', ours));
    rows.push(['ratio', store, (of(ours, 'cpu') / of(plain, 'cpu')).toFixed(2), '', '']);
  }
  const report = [
    ...head,
    '',
    `${bytesInWords(size)} in parts of 16 MiB, three at a time, medians of ${rounds}. Postern hashes, checks a signature and syncs each part; \`@tus/server\` 2.4.5 with \`@tus/file-store\` 2.1.1 and \`@tus/s3-store\` 2.0.7 does none of it. Processor time is the server process's, in itself and in the kernel; PostgreSQL's is not in it.`,
    '',
    table(['server', 'store', 'CPU seconds a GB', 'peak memory', 'speed'], rows),
  ];
  console.log(report.join('\n'));
  if (values.write) await writeChapter(report);
}

const inWords = ({ ms, cpu, peak }: Cost): string =>
  `${(ms / 1000).toFixed(1)} s, ${cpu.toFixed(2)} CPU s/GB, ${Math.round(peak / 1e6)} MB`;

async function measured(pid: number, size: number, work: () => Promise<void>): Promise<Cost> {
  await run('sync', []);
  const [cpu, started] = [cpuOf(pid), performance.now()];
  await work();
  const ms = performance.now() - started;
  return { ms, cpu: ((cpuOf(pid) - cpu) * 1e9) / size, peak: memoryOf(pid)?.peak ?? 0 };
}

async function costOfOurs(size: number, env: Readonly<Record<string, string>>): Promise<Cost> {
  await using drop = await startDrop({ page: false, env });
  return await measured(drop.server.pid, size, () => loadOurs(drop.source, size));
}

async function costOfPlain(size: number, env: Readonly<Record<string, string>>): Promise<Cost> {
  await using folder = await temporaryFolder();
  const files = join(folder.path, 'files');
  await mkdir(files);
  const server = startNode('bench/plain-server.ts', [files, folder.path], { env });
  try {
    const port = await until('the yardstick listens', 20_000, () => /^listening (\d+)$/m.exec(server.out())?.[1]);
    return await measured(server.pid, size, () => loadPlain(`http://127.0.0.1:${port}/files`, size));
  } finally {
    await server.kill();
    for (const stored of await readdir(files)) await rm(join(files, stored));
  }
}
