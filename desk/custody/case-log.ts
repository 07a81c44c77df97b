/** The log of a case: who did what with it and when, each event signed and chained to the one before. A log that does not hold is never begun anew. */
import { join } from 'node:path';
import type { Random } from '../../shared/bytes/random.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import { openDeskStatement } from '../../shared/statements/desk.ts';
import { Failure } from '../failure.ts';
import type { Keys } from '../keys/key-folder.ts';
import type { DatedIdentity } from '../keys/key-texts.ts';
import { readCaseFile, decryptCaseFile, withCaseLock, writeCaseFile } from './case-file.ts';
import type { ActionName } from './actions.ts';
import { firstPrevious, isSigned, MAX_LINE, readEvent, writeEvent } from './case-event.ts';
import type { CaseEvent, EventItem, EventLine, EventValue } from './case-event.ts';
import { marksOf } from './marks.ts';
import type { Marks } from './marks.ts';

/** What is said of an act; the log adds the rest. */
export interface NewEvent {
  readonly action: ActionName;
  readonly items?: readonly EventItem[];
  readonly before?: string | null;
  readonly after?: string | null;
  readonly reason?: string | null;
  readonly values?: Readonly<Record<string, EventValue>>;
}

/** See {@link openCaseLog}. */
export interface CaseLog {
  /** Adds an event, on the disk when this is fulfilled. Failures as for `openCaseLog`, and `case-log-busy`, `case-log-unwritable`. */
  append(event: NewEvent): Promise<void>;
  events(): readonly CaseEvent[];
  marks(): Marks;
  /** The log as it is handed out: one line an event, without values that are for staff alone. */
  openText(): string;
  /** SHA-256 of the last line: whoever has it can tell when later events are taken away from before it. */
  head(): string;
}

/** Whose log it is, and where it comes from. */
export interface CaseLogInput {
  /** The folder of case logs, one file a parcel; made when the first event is written. */
  readonly cases: string;
  readonly parcel: string;
  readonly keys: Pick<Keys, 'desk' | 'deskNote' | 'identities' | 'root'>;
  /** What it is written to, when one of the identities that open it is to go: all of them otherwise. */
  readonly sealTo?: readonly DatedIdentity[];
  readonly now: () => Date;
  readonly random: Random;
  /** Name of this desk. */
  readonly device: string;
  /** The role of who acts. */
  readonly actor: string;
  /** Why the clock is doubtful at a time, from clock.ts. */
  readonly doubt?: (now: Date) => string | null;
}

/** Most items that one event names; an act on more names a manifest instead. */
const MAX_ITEMS = 1000;

/** Opens the log of a parcel; it need not exist. Failures `case-log-damaged`, `case-log-locked`, `case-log-unreadable`. */
export async function openCaseLog(input: CaseLogInput): Promise<CaseLog> {
  const { parcel, keys, sealTo = keys.identities, now, random } = input;
  const path = join(input.cases, `${parcel}.log.age`);
  let lines: readonly EventLine[] = [];
  let digest: string | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  async function read(): Promise<void> {
    const found = await readCaseFile(path);
    // What this desk has seen and what has vanished since would be a new beginning.
    if (found === null && digest !== null) throw new Failure('case-log-damaged', { path });
    if (found === null || found.digest === digest) return;
    const text = await decryptCaseFile(path, found.file, keys.identities);
    const read = await checkLog(text, parcel, keys.root.publicKey);
    if (read === null || lines.some(({ sha256 }, i) => read[i]?.sha256 !== sha256))
      throw new Failure('case-log-damaged', { path });
    lines = read;
    digest = found.digest;
  }

  async function write(entry: NewEvent): Promise<void> {
    await read();
    const last = lines.at(-1)?.event;
    const date = now();
    const line = await writeEvent(
      {
        sequence: lines.length,
        parcel,
        time: secondsOf(date),
        clock: { source: "this machine's clock", doubt: input.doubt?.(date) ?? doubtAfter(last, date) },
        actor: input.actor,
        device: input.device,
        action: entry.action,
        items: (entry.items ?? []).slice(0, MAX_ITEMS),
        before: entry.before ?? null,
        after: entry.after ?? null,
        reason: entry.reason ?? null,
        values: entry.values ?? {},
        desk: (await isCurrent(lines, keys)) ? null : keys.deskNote,
        previous: lines.at(-1)?.sha256 ?? firstPrevious(parcel),
      },
      keys.desk,
      random,
    );
    if (line.full.length > MAX_LINE) throw new Failure('case-log-event', { most: MAX_LINE });
    const next = [...lines, line];
    const text = next.map(({ full }) => full).join('');
    digest = await writeCaseFile(path, text, { identities: sealTo, random });
    lines = next;
  }

  await read();
  return {
    append(entry) {
      const mine = turn.then(() => withCaseLock(path, () => write(entry)));
      turn = mine.catch(() => undefined);
      return mine;
    },
    events: () => lines.map(({ event }) => event),
    marks: () => marksOf(lines.map(({ event }) => event)),
    openText: () => lines.map(({ open }) => open).join(''),
    head: () => lines.at(-1)?.sha256 ?? firstPrevious(parcel),
  };
}

/** The lines of a log whose chain and signatures hold, from the root key alone; null for any other. */
async function checkLog(text: string, parcel: string, root: Uint8Array): Promise<EventLine[] | null> {
  const lines: EventLine[] = [];
  let key: Uint8Array | null = null;
  let previous = firstPrevious(parcel);
  for (const piece of text.split(/(?<=\n)/)) {
    const line = readEvent(piece);
    if (line === null) return null;
    const { event } = line;
    if (event.sequence !== lines.length || event.parcel !== parcel || event.previous !== previous) return null;
    if (event.desk !== null) key = await keyIn(event.desk, root);
    if (key === null || !(await isSigned(line, key))) return null;
    previous = line.sha256;
    lines.push(line);
  }
  return lines.length === 0 ? null : lines;
}

async function keyIn(note: string, root: Uint8Array): Promise<Uint8Array | null> {
  return openDeskStatement(note, root).then(
    ({ key }) => key,
    () => null,
  );
}

/** True when the key that signs now is the one that signed last. */
async function isCurrent(lines: readonly EventLine[], keys: CaseLogInput['keys']): Promise<boolean> {
  const note = lines.findLast(({ event }) => event.desk !== null)?.event.desk ?? null;
  const key = note === null ? null : await keyIn(note, keys.root.publicKey);
  return key !== null && equalBytes(key, keys.desk.publicKey);
}

function secondsOf(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** A clock that has gone back since the last event cannot have been right both times. */
function doubtAfter(last: CaseEvent | undefined, date: Date): string | null {
  return last !== undefined && secondsOf(date) < last.time
    ? `The clock shows a time before that of the event before (${last.time}).`
    : null;
}
