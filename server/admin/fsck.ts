/** `admin fsck`: every row against its blobs, its hash and the statements about it. Changes nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createPace } from '../jobs/pace.ts';
import { loadReceiptKey } from '../store/receipt-key.ts';
import { openScrub } from '../store/scrub.ts';
import { openStoredRows } from '../store/stored-rows.ts';
import type { Command, Outcome } from './command.ts';
import type { Effects } from './effects.ts';
import { checkAll } from './fsck/check-all.ts';
import type { Orphans } from './fsck/check-all.ts';
import { recount } from './fsck/counts.ts';
import { FAULTS, faultInWords } from './fsck/faults.ts';
import type { Fault, FaultKind } from './fsck/faults.ts';
import { Halt } from './halt.ts';
import { rateOption } from './options.ts';
import { createProgress } from './progress.ts';
import { withOwnBlobs } from './site.ts';
import type { Site } from './site.ts';
import { bytesInWords, countInWords } from './text.ts';

/** Faults that are named in JSON; of more only the number is told. */
const MOST_NAMED = 10_000;

export const fsck: Command = {
  operands: [0, 0],
  flags: ['quick', 'recount'],
  values: ['rate'],
  async run(options, effects) {
    const quick = options.flags.has('quick');
    const rate = rateOption(options, 'rate');
    return withOwnBlobs(effects, async (site) => {
      if (options.flags.has('recount')) await recount(site.database);
      return checkSite(site, effects, { quick, rate, json: options.json });
    });
  },
};

interface Wishes {
  readonly quick: boolean;
  /** Bytes a second; null: as fast as they come. */
  readonly rate: number | null;
  readonly json: boolean;
}

/** Reads everything that a site holds. */
export async function checkSite({ config, database, blobs }: Site, effects: Effects, wishes: Wishes): Promise<Outcome> {
  const { terminal, clock, sleep, signal, now, random } = effects;
  if (!existsSync(join(config.data, 'receipt.key')))
    throw new Halt('data', 'There is no receipt.key in the data folder.', 'Without it receipts cannot be checked.');
  const { publicKey: receiptKey } = await loadReceiptKey(config.data, random);

  const rows = openStoredRows(database);
  const total = await rows.count();
  const seen = { parcels: 0, parts: 0, bytes: 0 };
  const faults: Fault[] = [];
  const kinds = new Map<FaultKind, number>();
  const progress = createProgress(effects);
  const add = (what: keyof typeof seen) => (count: number) => {
    seen[what] += count;
    progress.tell(() => `${seen.parcels} of ${countInWords(total, 'parcel')}, ${bytesInWords(seen.bytes)} read`);
  };
  const { quick, rate, json } = wishes;
  const find = (fault: Fault): void => {
    kinds.set(fault.kind, (kinds.get(fault.kind) ?? 0) + 1);
    if (faults.length < MOST_NAMED) faults.push(fault);
    progress.end();
    // At once: a check of everything may take days.
    if (!json) terminal.out(faultInWords(fault));
  };
  const orphans = await checkAll({
    database,
    rows,
    blobs,
    receiptKey,
    now,
    quick,
    signal,
    pace:
      rate === null
        ? () => Promise.resolve(signal.throwIfAborted())
        : createPace({ rate, clock, sleep: (ms) => sleep(ms, signal) }),
    progress: { parcels: add('parcels'), parts: add('parts'), bytes: add('bytes') },
    onFault: find,
  }).finally(() => progress.end());
  // What was not read now was read by the scrubber.
  const noted = quick ? await openScrub(database, random(8)).noted(MOST_NAMED) : [];
  for (const rot of noted) find({ kind: 'rot-noted', ...rot, blob: null });

  return {
    finding: kinds.size > 0,
    words: summary(seen, kinds, orphans, quick),
    json: { sound: kinds.size === 0, ...seen, quick, faults, kinds: Object.fromEntries(kinds), orphans },
  };
}

function summary(
  seen: { readonly parcels: number; readonly parts: number; readonly bytes: number },
  kinds: ReadonlyMap<FaultKind, number>,
  { young, old }: Orphans,
  quick: boolean,
): string[] {
  const read = quick ? 'their bytes were not read' : `${bytesInWords(seen.bytes)} read`;
  const lines = [`${countInWords(seen.parcels, 'parcel')} with ${countInWords(seen.parts, 'part')}, ${read}.`];
  if (old + young > 0)
    lines.push(
      `${countInWords(old, 'blob')} that no row names, which the next sweep takes away, and ${young} that may still be in use.`,
    );
  if (kinds.size === 0) return [...lines, 'All of it is sound.'];
  for (const [kind, count] of kinds) lines.push('', `${count} × ${kind}: ${FAULTS[kind].words}.`, FAULTS[kind].advice);
  return lines;
}
