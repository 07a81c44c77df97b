/** Parts of one parcel into the bundle, several at once, and a look at those that lie there: only their hash tells what they are. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProblemCode } from '../shared/problem/codes.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { partName } from '../shared/protocol/part-name.ts';
import type { PartStatement } from '../shared/statements/part-statement.ts';
import type { Patience } from './away.ts';
import { checkRoom, missingParts, sizesIn } from './bundle.ts';
import type { Bundle } from './bundle.ts';
import { downloadPart, isWhole } from './download-part.ts';
import type { Lanes } from './lanes.ts';
import { forEachInLanes } from './lanes.ts';
import type { Progress } from './progress.ts';
import type { StaffApi } from './staff-api.ts';
import { bytesInWords } from './text.ts';

export interface PullContext {
  readonly api: StaffApi;
  readonly bundle: Bundle;
  readonly lanes: Lanes;
  readonly places: number;
  readonly patience: Patience;
  readonly progress: Progress;
}

/** What a run has fetched of one parcel so far. */
export interface Fetch {
  readonly context: PullContext;
  readonly folder: string;
  readonly fetched: Set<number>;
  lost: number;
  finding: ProblemCode | null;
}

/** Fetches parts; those that cannot be had are counted. Halt on disk or server trouble. */
export async function fetchParts(fetch: Fetch, parts: readonly PartStatement[]): Promise<void> {
  const { context, folder } = fetch;
  const bytes = parts.reduce((sum, { size }) => sum + size, 0);
  await checkRoom(context.bundle.folder, bytes, bytesInWords);
  context.progress.expect(bytes);
  await forEachInLanes(parts, context.places, (statement) =>
    context.lanes(async () => {
      try {
        await downloadPart({
          ...context,
          statement,
          path: join(folder, partName(statement.part)),
          onBytes: (bytes) => {
            context.progress.add(bytes);
          },
          onSpared: (bytes) => {
            context.progress.expect(-bytes);
          },
        });
        fetch.fetched.add(statement.part);
      } catch (error) {
        if (!isProblem(error)) throw error;
        fetch.finding ??= error.code;
        fetch.lost++;
      }
    }),
  );
}

/** Before staff say that they have all of a parcel: what this run did not fetch is hashed, and what is not right is fetched again. */
export async function mendParts(fetch: Fetch, statements: readonly PartStatement[]): Promise<void> {
  const { progress } = fetch.context;
  const unseen = statements.filter(({ part }) => !fetch.fetched.has(part));
  if (unseen.length > 0) progress.note('Checking what is in the bundle');
  const sizes = await sizesIn(fetch.folder);
  await fetchParts(fetch, [...missingParts(unseen, sizes), ...(await notWhole(fetch.folder, unseen, sizes))]);
}

/** Of files that lie there under a final name those whose hash is not the signed one; they are taken away. */
export async function notWhole(
  folder: string,
  statements: readonly PartStatement[],
  sizes: ReadonlyMap<string, number>,
): Promise<PartStatement[]> {
  const wrong: PartStatement[] = [];
  for (const statement of statements) {
    if (sizes.get(partName(statement.part)) !== statement.size) continue;
    const path = join(folder, partName(statement.part));
    if (await isWhole(path, statement)) continue;
    await rm(path, { force: true });
    wrong.push(statement);
  }
  return wrong;
}
