/** What has become of it all: audited beside the server, pulled by the courier, extracted by the desk, held against what was sent, swept. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { sweep } from '../../../server/jobs/sweeper.ts';
import { openRetention } from '../../../server/store/retention.ts';
import { audit } from '../audit.ts';
import type { Witness } from '../audit.ts';
import { startNode } from '../programs.ts';
import type { ChaosSite } from './chaos-site.ts';

export interface Verdict {
  /** Sealed parcels that did not come out, or with something missing. */
  readonly lost: readonly string[];
  /** Those that came out otherwise than they went in. */
  readonly corrupt: readonly string[];
  readonly wrong: readonly string[];
  /** Blobs without a row before the sweeper came, and after. */
  readonly orphans: number;
  readonly orphansLeft: number;
}

const KEEP = { keepUnfinishedDays: 30, keepCollectedDays: 30, keepRepliesDays: 90 };
const DAY_MS = 86_400_000;

/** Looks into everything. Nothing is sent any more; a server still runs for the courier. */
export async function reachVerdict(
  site: ChaosSite,
  witness: Witness,
  sent: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Promise<Verdict> {
  const { database, blobs } = site;
  const before = await audit(database.database, blobs, witness);
  const [lost, corrupt]: [string[], string[]] = [[], []];
  const wrong = [...before.wrong];

  const env = { POSTERN_STAFF_URL: site.servers[0]!.staff, POSTERN_COURIER_KEY: site.courierKey };
  const pulled = await startNode('courier/main.ts', ['pull', site.bundle], { env }).finished;
  if (pulled.code !== 0) wrong.push(`courier: ${pulled.err}${pulled.out}`);
  const args = ['extract', site.bundle, '--keys', site.keys, '--out', site.out, '--json'];
  const extracted = await startNode('desk/main.ts', args).finished;
  if (extracted.code !== 0) wrong.push(`desk: ${extracted.err}${extracted.out.slice(0, 2000)}`);
  for (const [parcel, expected] of sent) {
    const found = await filesOf(join(site.out, parcel));
    if ([...expected.keys()].some((path) => !found.has(path))) lost.push(parcel);
    else if (found.size !== expected.size || [...expected].some(([path, sum]) => found.get(path) !== sum))
      corrupt.push(parcel);
  }

  const now = (): Date => new Date(Date.now() + 3 * DAY_MS);
  await sweep({ retention: openRetention(database.database, KEEP), blobs, now });
  const after = await audit(database.database, blobs, witness);
  wrong.push(...after.wrong.filter((each) => !before.wrong.includes(each)));
  return { lost, corrupt, wrong, orphans: before.orphans.length, orphansLeft: after.orphans.length };
}

/** SHA-256 of all payload of a bag, by path. */
async function filesOf(bag: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(join(bag, 'data'), { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sums = paths.map(async (path) => {
    const sum = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    return [relative(bag, path), sum] as const;
  });
  return new Map(await Promise.all(sums));
}
