/** The logs of the cases that are looked at: marks read and written, and what was viewed, gathered to one event for many files. */
import type { CaseLog, NewEvent } from '../custody/case-log.ts';
import type { Session } from '../custody/session.ts';
import { Failure } from '../failure.ts';
import { FILES_FOLDER } from '../../shared/parcel/bag.ts';
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

export interface CaseLogs {
  /** No marks where the log cannot be read: that is said at the terminal. */
  marksOf(parcel: string): Promise<Marks>;
  append(parcel: string, event: NewEvent): Promise<void>;
  /** The log of a case on which something is done, after the first event of this run. */
  begin(parcel: string): Promise<CaseLog>;
  mark(parcel: string, change: { readonly [K in keyof Marks]?: Marks[K] | undefined }): Promise<Marks>;
  /** Once for each file; it is in the log a little later, or when the viewer ends. */
  viewed(parcel: string, path: string): void;
  /** Has all that was viewed on the disk. */
  settle(): Promise<void>;
}

/** Logs of `session`. `told` is for failures that nobody waits for. */
export function openCaseLogs(session: Session, told: (failure: Failure) => void): CaseLogs {
  const logs = createBoundedCache<Promise<CaseLog>>(MOST_LOGS);
  const begun = new Set<string>();
  const known = new Set<string>();
  const waiting = new Map<string, string[]>();
  let letters = 0;
  let timer: NodeJS.Timeout | null = null;

  function logOf(parcel: string): Promise<CaseLog> {
    const open = logs.get(parcel);
    if (open !== undefined) return open;
    const opening = session.openLog(parcel);
    logs.set(parcel, opening);
    opening.catch(() => logs.delete(parcel));
    return opening;
  }

  async function begin(parcel: string): Promise<CaseLog> {
    const log = await logOf(parcel);
    // The first act on a case in this run tells that it was opened.
    if (!begun.has(parcel)) {
      begun.add(parcel);
      await log.append({ action: 'opened' });
    }
    return log;
  }

  async function append(parcel: string, event: NewEvent): Promise<void> {
    await (await begin(parcel)).append(event);
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
    begin,
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
