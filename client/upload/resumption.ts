/** An unfinished submission that is to be taken up again: its ledger, and the files that are chosen for it once more. */
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import type { CipherProvider } from '../../shared/crypto/cipher-provider.ts';
import { openClosing } from '../../shared/ledger/closing.ts';
import { openHead } from '../../shared/ledger/head.ts';
import type { Head } from '../../shared/ledger/head-text.ts';
import { isProblem, Problem } from '../../shared/problem/problem.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { Mailbox, Unfinished } from '../mailbox/mailbox.ts';
import { safeBytes } from '../mailbox/safe-bytes.ts';
import type { Course } from './course.ts';
import { lookAtAll } from './look-at.ts';
import { createMatching } from './matching.ts';
import type { KnownFiles } from './matching.ts';
import type { Prepared } from './prepared.ts';
import { prepareAgain } from './resumed-sending.ts';
import type { Resumption, ResumptionState } from './resumption-types.ts';
import type { PickedFile, Submission } from './submission-types.ts';

export interface ResumptionInput {
  readonly mailbox: Mailbox;
  readonly keys: CodenameKeys;
  readonly unfinished: Unfinished;
  readonly provider: CipherProvider;
  /** Starts an engine with what is prepared. */
  readonly begin: (prepare: (course: Course) => Promise<Prepared>) => Submission;
}

/** The state is told after so many files. */
const TELL_EACH = 16;

/** Fetches and opens the ledger. Problem `ledger-damaged` when it is not there, not all of it, or does not open. */
export async function createResumption(input: ResumptionInput): Promise<Resumption> {
  const { keys, unfinished, provider } = input;
  const { parcel, opening } = unfinished;
  const { ledgerKey } = keys;
  const head = await fetchHead(input);
  const matching = createMatching({ head, ledgerKey, parcel, provider });
  const count = head.files.length;
  const ended = new AbortController();
  const listeners = new Set<() => void>();
  const strangers: string[] = [];
  const unreadable: string[] = [];
  let known: KnownFiles | null = null;
  let offered = 0;
  let looked = 0;
  let queue: Promise<void> = Promise.resolve();
  let state: ResumptionState = {
    matched: 0,
    lacking: count,
    looking: null,
    strangers: [],
    unreadable: [],
    missing: null,
    canStart: false,
    refusal: null,
  };

  function change(changes: Partial<ResumptionState>): void {
    if (ended.signal.aborted) return;
    state = { ...state, ...changes };
    for (const listener of listeners) listener();
  }

  function tell(): void {
    const matched = matching.matched();
    const looking = looked === offered ? null : { done: looked, total: offered };
    change({ matched, lacking: count - matched, looking, canStart: state.canStart && looking === null });
  }

  async function look(files: readonly PickedFile[]): Promise<void> {
    const foreign: number[] = [];
    const lost: number[] = [];
    const pathOf = (index: number): string => files[index]!.path;
    await lookAtAll(
      files.map(({ file }) => file),
      async (index, found) => {
        const pick = files[index]!;
        if (found === null) lost.push(index);
        else if (!(await matching.offer(pick, found.fingerprint))) foreign.push(index);
        if (++looked % TELL_EACH === 0) tell();
      },
      ended.signal,
    );
    strangers.push(...foreign.toSorted((one, other) => one - other).map(pathOf));
    unreadable.push(...lost.toSorted((one, other) => one - other).map(pathOf));
    known = await matching.known();
    const refusal = known === null ? null : await refusalOf(known);
    const picked = known === null ? null : matching.picked();
    const missing = known?.entries.filter((_, place) => picked?.[place] === null) ?? null;
    tell();
    change({
      strangers: [...strangers],
      unreadable: [...unreadable],
      missing: missing?.map(({ path, size }) => ({ path, size })) ?? null,
      refusal,
      canStart: known !== null && refusal === null && looked === offered,
    });
  }

  /** The words are nowhere but in the first part: if that is not there, nobody has them. */
  async function refusalOf({ listKey }: KnownFiles): Promise<ProblemCode | null> {
    const message = await openClosing(head.closing, { listKey, parcel, provider });
    return message !== null && unfinished.finished === 0 ? 'ledger-damaged' : null;
  }

  return {
    parcel,
    files: count,
    total: opening.size,
    safe: safeBytes(unfinished),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    add(files) {
      if (files.length === 0) return queue;
      offered += files.length;
      tell();
      queue = queue
        .then(() => look(files))
        .catch((error: unknown) => change({ canStart: false, refusal: isProblem(error) ? error.code : 'internal' }));
      return queue;
    },
    start() {
      if (!state.canStart || known === null) throw new Problem('internal');
      const taken = { keys, unfinished, head, known, picked: matching.picked() };
      ended.abort();
      return input.begin((course) => prepareAgain(course, taken));
    },
    stop: () => ended.abort(),
  };
}

function fetchHead({ mailbox, keys, unfinished, provider }: ResumptionInput): Promise<Head> {
  const { parcel, pages } = unfinished;
  /** Each is opened before the next is asked for: how many there are, the server may say what it likes. */
  async function* fetched(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let page = 0; page < pages; page++) yield await mailbox.ledgerPage(parcel, page);
    } catch (error) {
      if (isProblem(error, 'not-found')) throw new Problem('ledger-damaged');
      throw error;
    }
  }
  return openHead({ ledgerKey: keys.ledgerKey, parcel, pages: fetched(), provider });
}
