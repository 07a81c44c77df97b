/** `admin log [resume|new]`: how the log of receipts stands, and how it goes on after a restore, when nobody but people can know what was published. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { equalBytes } from '../../shared/bytes/equal.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { logName, openCheckpoint } from '../../shared/tlog/checkpoint.ts';
import type { Checkpoint } from '../../shared/tlog/checkpoint.ts';
import { TILE_WIDTH } from '../../shared/tlog/tile-path.ts';
import { rootOver } from '../store/hash-tree.ts';
import { loadReceiptKey } from '../store/receipt-key.ts';
import { openReceiptLog } from '../store/receipt-log.ts';
import type { LogHead, ReceiptLog } from '../store/receipt-log.ts';
import type { Command, Outcome } from './command.ts';
import { Halt } from './halt.ts';
import { usage } from './options.ts';
import { withSite } from './site.ts';
import { countInWords } from './text.ts';

export const log: Command = {
  operands: [0, 2],
  flags: [],
  values: [],
  async run({ operands }, effects) {
    const [verb = 'show', file, ...more] = operands;
    const wantsFile = verb === 'resume';
    if (!['show', 'resume', 'new'].includes(verb) || wantsFile !== (file !== undefined) || more.length > 0)
      throw usage('Say “log”, “log resume CHECKPOINT” or “log new”.');
    return withSite(effects, async ({ config, database }) => {
      const rows = openReceiptLog(database);
      const head = await rows.head();
      if (file !== undefined) {
        const { publicKey } = await loadReceiptKey(config.data, effects.random);
        await refuseNewer(rows, head, await readCheckpoint(resolve(file), publicKey));
        await rows.resume();
      }
      if (verb === 'new') await rows.forget();
      return show(await rows.head(), await rows.waiting());
    });
  },
};

async function readCheckpoint(path: string, key: Uint8Array): Promise<Checkpoint> {
  try {
    return await openCheckpoint(await readFile(path, 'utf8'), key);
  } catch (error) {
    const reason = isProblem(error) ? 'is no checkpoint that this server signed' : 'cannot be read';
    throw new Halt(
      'log',
      `The file of the checkpoint ${reason}.`,
      'Couriers keep them in checkpoints/ of their bundle.',
    );
  }
}

/** Halt `log` when the checkpoint speaks of leaves that are not here: to sign others in their place would be a second history. */
async function refuseNewer(rows: ReceiptLog, head: LogHead | null, known: Checkpoint): Promise<void> {
  const roots = head === null ? [] : (await rows.roots(0)).slice(0, known.size / TILE_WIDTH);
  const isHere =
    head !== null &&
    logName(head.start) === known.origin &&
    known.size <= head.size &&
    equalBytes(rootOver(roots), known.root);
  if (!isHere)
    throw new Halt(
      'log',
      'That checkpoint is not of the log that is here: more was published than the backup knows. Nothing was changed.',
      '“admin log new” begins another log, which couriers and desks will see.',
    );
}

function show(head: LogHead | null, waiting: number): Outcome {
  const wait = `${countInWords(waiting, 'receipt')} ${waiting === 1 ? 'waits' : 'wait'} for it.`;
  if (head === null)
    return {
      finding: false,
      words: [`There is no log of receipts yet: the server begins one when it runs. ${wait}`],
      json: { name: null, size: 0, day: null, suspended: false, waiting, checkpoint: null },
    };
  const { start, size, day, suspended, checkpoint } = head;
  const words = [`${logName(start)}: ${countInWords(size, 'leaf', 'leaves')}, last published on ${day}. ${wait}`];
  if (suspended)
    words.push(
      'It is suspended since a restore: nothing is published until you say how to go on.',
      'Take the newest checkpoint that anybody has, and say “admin log resume CHECKPOINT”; if that is refused, or nobody knows: “admin log new”.',
    );
  return {
    finding: suspended,
    words,
    json: { name: logName(start), size, day, suspended, waiting, checkpoint },
  };
}
