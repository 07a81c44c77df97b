/** The logs of the cases that are looked at: marks read and written, and what was viewed, gathered to one event for many files. */
import type { DeskContext } from '../commands/command.ts';
import type { Case } from '../commands/open-case.ts';
import { clockDoubt } from '../custody/clock.ts';
import { openCaseLog } from '../custody/case-log.ts';
import type { CaseLog, NewEvent } from '../custody/case-log.ts';
import { Failure } from '../failure.ts';
import { FILES_FOLDER } from '../../shared/parcel/bag.ts';
import { openDeskStatement } from '../../shared/statements/desk.ts';
import type { Marks } from '../viewer/api.ts';
import { createBoundedCache } from './bounded-cache.ts';

/** Logs held open; each is one small file, read again when it was dropped. */
const MOST_LOGS = 600;
/** Files that are told in one event. */
const MOST_ITEMS = 500;
/** Files viewed are told this long after the first of them, in one event. */
const GATHER_MS = 10_000;
/** Letters of the paths that are known to have been viewed: a process that makes files up fills neither memory nor disk. */
const MOST_LETTERS = 64 * 1_048_576;
const NO_MARKS: Marks = { seen: false, labels: [], note: '' };
const ACTOR = 'staff';

export interface CaseLogs {
  /** No marks where the log cannot be read: that is said at the terminal. */
  marksOf(parcel: string): Promise<Marks>;
  append(parcel: string, event: NewEvent): Promise<void>;
  mark(parcel: string, change: { readonly [K in keyof Marks]?: Marks[K] | undefined }): Promise<Marks>;
  /** Once for each file; it is in the log a little later, or when the viewer ends. */
  viewed(parcel: string, path: string): void;
  /** Has all that was viewed on the disk. */
  settle(): Promise<void>;
}

/** Logs in the folder `cases`. `told` is for failures that nobody waits for. */
export async function openCaseLogs(
  { keys, card }: Case,
  { cases, context, told }: { cases: string; context: DeskContext; told: (failure: Failure) => void },
): Promise<CaseLogs> {
  const device = (await openDeskStatement(keys.deskNote, keys.root.publicKey)).desk;
  const { now, random } = context;
  const doubt = (at: Date) => clockDoubt(at, { card, receiptDays: [] });
  const logs = createBoundedCache<Promise<CaseLog>>(MOST_LOGS);
  const begun = new Set<string>();
  const known = new Set<string>();
  const waiting = new Map<string, string[]>();
  let letters = 0;
  let timer: NodeJS.Timeout | null = null;

  function logOf(parcel: string): Promise<CaseLog> {
    const open = logs.get(parcel);
    if (open !== undefined) return open;
    const opening = openCaseLog({ cases, parcel, keys, now, random, device, actor: ACTOR, doubt });
    logs.set(parcel, opening);
    opening.catch(() => logs.delete(parcel));
    return opening;
  }

  async function append(parcel: string, event: NewEvent): Promise<void> {
    const log = await logOf(parcel);
    // The first act on a case in this run tells that it was opened.
    if (!begun.has(parcel)) {
      begun.add(parcel);
      await log.append({ action: 'opened' });
    }
    await log.append(event);
  }

  async function settle(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const gathered = [...waiting];
    waiting.clear();
    for (const [parcel, paths] of gathered)
      for (let first = 0; first < paths.length; first += MOST_ITEMS) {
        const items = paths.slice(first, first + MOST_ITEMS).map((path) => ({ path, sha256: null }));
        await append(parcel, { action: 'viewed', items }).catch((error: unknown) => {
          if (!(error instanceof Failure)) throw error;
          told(error);
        });
      }
  }

  return {
    append,
    settle,
    async marksOf(parcel) {
      try {
        return (await logOf(parcel)).marks();
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        told(error);
        return NO_MARKS;
      }
    },
    async mark(parcel, { seen, labels, note }) {
      await append(parcel, {
        action: 'marked',
        values: {
          ...(seen === undefined ? {} : { seen }),
          ...(labels === undefined ? {} : { labels: [...new Set(labels)] }),
          ...(note === undefined ? {} : { note }),
        },
      });
      return (await logOf(parcel)).marks();
    },
    viewed(parcel, path) {
      const name = `${parcel}/${path}`;
      if (known.has(name)) return;
      letters += name.length;
      if (letters > MOST_LETTERS) {
        told(new Failure('viewed-many'));
        return;
      }
      known.add(name);
      const paths = waiting.get(parcel);
      if (paths === undefined) waiting.set(parcel, [FILES_FOLDER + path]);
      else paths.push(FILES_FOLDER + path);
      timer ??= setTimeout(() => void settle(), GATHER_MS);
    },
  };
}
