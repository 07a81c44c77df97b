/** Deleting parcels on the server: each named one found first, shown, confirmed, and only then the first one deleted. */
import { isProblem } from '../shared/problem/problem.ts';
import { parseEnvelope } from '../shared/protocol/envelope.ts';
import type { ParcelSummary } from '../shared/protocol/messages.ts';
import { atServer } from './connect.ts';
import type { ServerOptions } from './connect.ts';
import type { Effects } from './effects.ts';
import { Halt } from './halt.ts';
import type { StaffApi } from './staff-api.ts';
import { bytesInWords, countInWords } from './text.ts';

export interface DeleteOptions extends ServerOptions {
  /** Ids, or unique beginnings of at least 8 digits. */
  readonly parcels: readonly string[];
  /** Not to be asked. */
  readonly yes: boolean;
}

export interface DeleteReport {
  readonly parcels: readonly {
    readonly parcel: string;
    /** False when the server has no such parcel. */
    readonly deleted: boolean;
  }[];
}

interface Target {
  readonly parcel: string;
  /** Null for an id that is not in the list of submissions: a reply, or nothing. */
  readonly summary: ParcelSummary | null;
  /** True for a submission whose receipt will never be in the server's log when it is deleted now. */
  readonly unlogged?: boolean;
}

/** Deletes parcels. Halt `parcel-unknown` for a beginning that fits none or several, `usage` without a yes; then nothing is deleted. */
export async function deleteParcels(options: DeleteOptions, effects: Effects): Promise<DeleteReport> {
  return atServer(options, effects, async ({ api }) => {
    const list = await api.list();
    const targets = new Map(options.parcels.map((named) => find(list, named)).map((each) => [each.parcel, each]));
    if (!options.yes) await confirm(await withLog([...targets.values()], api), effects);
    const parcels: { parcel: string; deleted: boolean }[] = [];
    for (const { parcel, summary } of targets.values()) {
      const known = await api.remove(parcel);
      // The answer to a first request may have been lost; what was in the list and is not there is deleted.
      parcels.push({ parcel, deleted: known || summary !== null });
    }
    return { parcels };
  });
}

function find(list: readonly ParcelSummary[], named: string): Target {
  const fitting = list.filter(({ parcel }) => parcel.startsWith(named));
  const [summary = null] = fitting;
  if (named.length === 32) return { parcel: named, summary };
  if (fitting.length > 1) {
    throw new Halt(
      'parcel-unknown',
      `The ids of several parcels begin with ${named}; nothing was deleted.`,
      'Give more digits.',
    );
  }
  if (summary === null) {
    throw new Halt(
      'parcel-unknown',
      `No submission on the server has an id that begins with ${named}; nothing was deleted.`,
      'A reply is named by all 32 digits of its id.',
    );
  }
  return { parcel: summary.parcel, summary };
}

/** Looks whether the receipts of those that are sealed are in the log: nothing brings them there when their parcels are gone. */
async function withLog(targets: readonly Target[], api: StaffApi): Promise<readonly Target[]> {
  const looked: Target[] = [];
  for (const target of targets) {
    const isSealed = target.summary?.sealed === true;
    const unlogged = isSealed && (await isUnlogged(target.parcel, api));
    looked.push({ ...target, unlogged });
  }
  return looked;
}

async function isUnlogged(parcel: string, api: StaffApi): Promise<boolean> {
  try {
    const envelope = parseEnvelope(await api.envelope(parcel));
    return envelope.version === 2 && envelope.log === null;
  } catch (error) {
    // It is deleted all the same: whoever wants it gone need not wait for that.
    if (isProblem(error)) return false;
    throw error;
  }
}

async function confirm(targets: readonly Target[], { terminal, signal }: Effects): Promise<void> {
  const lines = targets.map((target) => `${inWords(target)}\n`).join('');
  const question = `${lines}Delete ${targets.length === 1 ? 'it' : `these ${targets.length}`} from the server for good? Type yes: `;
  const answer = await terminal.ask(question, signal);
  if (answer === null) {
    throw new Halt(
      'usage',
      'Deleting is for good, and there is no terminal to ask; nothing was deleted.',
      'Add --yes.',
    );
  }
  if (answer.toLowerCase() !== 'yes') throw new Halt('interrupted', 'Nothing was deleted.');
}

function inWords({ parcel, summary, unlogged = false }: Target): string {
  if (summary === null) return `${parcel}  a reply, if there is one of this id`;
  const { day, size, parts, finished, sealed, collected } = summary;
  const state = !sealed
    ? `STILL BEING SENT: ${finished} of ${countInWords(parts, 'part')} here`
    : collected
      ? 'collected'
      : 'NOT COLLECTED: what no bundle holds is lost';
  const log = unlogged ? '; its receipt is not in the log yet: deleted now, it never will be' : '';
  return `${parcel}  ${day}  ${bytesInWords(size)}  ${state}${log}`;
}
