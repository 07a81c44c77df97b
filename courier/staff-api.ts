/** The staff listener's answers as values: the list, the card, an envelope, a part from some byte on; and what staff tell it of a parcel. */
import { Problem, isProblem } from '../shared/problem/problem.ts';
import { MAX_ENVELOPE_BYTES } from '../shared/protocol/limits.ts';
import { parcelList, statusAnswer } from '../shared/protocol/messages.ts';
import type { ParcelList, ParcelSummary, StatusAnswer } from '../shared/protocol/messages.ts';
import {
  CARD_ROUTE,
  PARCELS_ROUTE,
  STATUS_ROUTE,
  collectedRoute,
  deleteRoute,
  envelopeRoute,
  partRoute,
} from '../shared/protocol/routes.ts';
import { MAX_NOTE_LENGTH } from '../shared/statements/note.ts';
import { askJson, tell } from './ask-json.ts';
import { Away, persist } from './away.ts';
import type { Patience } from './away.ts';
import { Halt } from './halt.ts';
import { readText } from './http.ts';
import type { HttpAnswer } from './http.ts';
import type { Session } from './session.ts';

export interface StaffApi {
  /** Everything the server has, in order of arrival. */
  list(): Promise<readonly ParcelSummary[]>;
  /** The server's current card as a note, or null when it has none yet. Not verified: that is for the desk. */
  card(): Promise<string | null>;
  /** The text of a parcel's envelope, not yet parsed. */
  envelope(parcel: string): Promise<string>;
  /** One try at a part's bytes from `from` on; `sha256` makes sure that they are still those of the bytes before. Throws Away. */
  part(parcel: string, part: number, from: number, sha256: string): Promise<PartBody>;
  /** Tells the server that staff have all of a sealed parcel; false when it does not know that parcel any more. */
  collected(parcel: string): Promise<boolean>;
  /** Has a parcel or reply deleted; false when the server does not know it. */
  remove(parcel: string): Promise<boolean>;
  /** How much the server holds. */
  status(): Promise<StatusAnswer>;
}

export interface PartBody {
  /** Where the bytes begin: `from`, or 0 when the server starts anew. */
  readonly start: number;
  readonly body: AsyncIterable<Uint8Array>;
  discard(): void;
}

/** The API over a session; all but `part` wait while the server is away. */
export function createStaffApi(session: Session, patience: Patience): StaffApi {
  const known = (path: string): Promise<boolean> =>
    tell(session, patience, path).then(
      () => true,
      (error: unknown) => {
        // `not-found`: an older server, which keeps no such word.
        if (isProblem(error, 'parcel-unknown') || isProblem(error, 'not-found')) return false;
        throw error;
      },
    );
  const text = (path: string, limit: number): Promise<string> =>
    persist(patience, async () => readText(await session.send({ method: 'GET', path }), limit));

  return {
    async list() {
      const parcels: ParcelSummary[] = [];
      for (let after: number | null = 0; after !== null;) {
        const path = `${PARCELS_ROUTE}?after=${after}`;
        const page: ParcelList = await askJson(session, patience, { method: 'GET', path }, parcelList);
        if (page.next !== null && page.next <= after) throw strangeList();
        parcels.push(...page.parcels);
        after = page.next;
      }
      if (new Set(parcels.map((each) => each.parcel)).size !== parcels.length) throw strangeList();
      return parcels;
    },

    async card() {
      try {
        return await text(CARD_ROUTE, MAX_NOTE_LENGTH * 3);
      } catch (error) {
        if (isProblem(error, 'card-missing')) return null;
        throw error;
      }
    },

    envelope: (parcel) => text(envelopeRoute(parcel), MAX_ENVELOPE_BYTES),

    async part(parcel, part, from, sha256) {
      const headers = from === 0 ? {} : { range: `bytes=${from}-`, 'if-range': `"${sha256}"` };
      const answer = await session.send({ method: 'GET', path: partRoute(parcel, part), headers });
      return { start: startOf(answer, from), body: answer.body, discard: () => answer.discard() };
    },

    collected: (parcel) => known(collectedRoute(parcel)),
    remove: (parcel) => known(deleteRoute(parcel)),
    status: () => askJson(session, patience, { method: 'GET', path: STATUS_ROUTE }, statusAnswer),
  };
}

function startOf(answer: HttpAnswer, from: number): number {
  if (answer.status === 200) return 0;
  const range = /^bytes (\d{1,15})-\d{1,15}\/(?:\d{1,15}|\*)$/.exec(answer.headers['content-range'] ?? '');
  if (answer.status === 206 && Number(range?.[1]) === from) return from;
  answer.discard();
  if (answer.status === 416) throw new Problem('part-damaged');
  throw new Away('it answers with bytes that were not asked for');
}

function strangeList(): Halt {
  return new Halt('server-strange', 'The server’s list of parcels contradicts itself.');
}
