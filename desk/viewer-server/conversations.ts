/** `GET /api/conversations…`: made only as far as a page of the list needs, however large the bundle is. */
import { inOrder } from '../case/conversation.ts';
import type { Entry } from '../case/conversation.ts';
import type { Preview } from '../case/preview.ts';
import type {
  ConversationPage,
  ConversationSummary,
  ConversationView,
  EntryView,
  Marks,
  SubmissionState,
  SubmissionView,
} from '../viewer/api.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { findingViews } from './finding-views.ts';
import type { Looks } from './look-into.ts';
import { UNPROVED } from './mailboxes.ts';
import type { Mailboxes } from './mailboxes.ts';
import { MOST_PARCELS } from './messages.ts';
import type { ParentLink } from './parent-link.ts';
import { replyView } from './reply-view.ts';

const PAGE = 200;
/** A page ends early when it took that long: the rest comes with the next one. */
const PATIENCE_MS = 700;
/** Letters of a message in the list. */
const LINE = 200;
/** Places in filtered lists of which is known how many matched before. */
const MOST_PLACES = 2_000;
const GRAVEST: readonly SubmissionState[] = ['damaged', 'not-for-us', 'unfinished', 'sealed'];

export interface Conversations {
  page(query: { after: string | null; search: string; unseen: boolean }): Promise<ConversationPage>;
  /** Null when there is none of this name. */
  view(id: string): Promise<ConversationView | null>;
}

/** What is known of one conversation. */
interface Read {
  readonly entries: readonly Entry[];
  readonly marks: ReadonlyMap<string, Marks>;
  readonly more: number;
}

export function createConversations({
  mailboxes,
  looks,
  link,
  clock,
}: {
  mailboxes: Mailboxes;
  looks: Looks;
  link: ParentLink;
  /** In milliseconds, and never going back. */
  clock: () => number;
}): Conversations {
  const matchedBefore = createBoundedCache<number>(MOST_PLACES);

  async function read(id: string, whole: boolean): Promise<Read | null> {
    const all = mailboxes.parcelsOf(id);
    if (all === null) return null;
    const parcels = all.slice(0, MOST_PARCELS);
    const asked = await link.ask({ kind: 'marks', parcels });
    const replies = id === UNPROVED ? [] : await link.ask({ kind: 'replies', mailbox: id });
    const previews: Preview[] = [];
    for (const parcel of parcels) previews.push(await looks.into(parcel, whole));
    return {
      entries: inOrder(previews, replies),
      marks: new Map(parcels.map((parcel, i) => [parcel, asked[i]!])),
      more: all.length - parcels.length,
    };
  }

  return {
    async page({ after, search, unseen }) {
      const end = clock() + PATIENCE_MS;
      const wanted = search.toLowerCase();
      const filtered = wanted !== '' || unseen;
      const place = (id: string | null) => JSON.stringify([search, unseen, id]);
      const conversations: ConversationSummary[] = [];
      let last = after;
      let matched = filtered && after !== null ? (matchedBefore.get(place(after)) ?? 0) : 0;
      for (;;) {
        const ids = mailboxes.ids();
        const id = ids[last === null ? 0 : ids.indexOf(last) + 1];
        if (id === undefined) {
          if (mailboxes.reading() === null) break;
          if (clock() >= end) break;
          await Promise.race([mailboxes.changed(), until(end - clock())]);
          continue;
        }
        // One at the least, so that the list gets on.
        if (conversations.length === PAGE || (clock() >= end && last !== after)) break;
        const found = await read(id, false);
        last = id;
        const summary = found === null ? null : summaryOf(id, found);
        if (summary === null || !matches(summary, found!, wanted, unseen)) continue;
        conversations.push(summary);
        matched++;
      }
      const ids = mailboxes.ids();
      const reading = mailboxes.reading();
      const over = reading === null && (last === null ? ids.length === 0 : last === ids.at(-1));
      if (filtered && last !== null) matchedBefore.set(place(last), matched);
      // While the end is not reached, there may be one more.
      const total = filtered ? matched + (over ? 0 : 1) : ids.length + (reading === null ? 0 : 1);
      return { conversations, next: over ? null : (last ?? ''), total, reading };
    },

    async view(id) {
      const found = await read(id, true);
      if (found === null) return null;
      const entries = found.entries.map((entry): EntryView =>
        entry.kind === 'reply'
          ? { kind: 'reply', reply: replyView(entry.reply) }
          : { kind: 'submission', submission: submissionView(entry.preview, found.marks.get(entry.preview.parcel)!) },
      );
      return { id, entries, more: found.more };
    },
  };
}

function submissionView(preview: Preview, marks: Marks): SubmissionView {
  const { parcel, state, begun, received, size, parts, files, message, findings } = preview;
  return { parcel, state, begun, received, size, parts, files, message, findings: findingViews(findings), marks };
}

function summaryOf(id: string, { entries, marks, more }: Read): ConversationSummary {
  const previews = entries.flatMap((entry) => (entry.kind === 'submission' ? [entry.preview] : []));
  const last = entries.at(-1);
  const states = new Set(previews.map(({ state }) => state));
  // Of the source alone: our own words, last in a list, would read as the source's.
  const words = previews.flatMap(({ message }) => message?.text ?? []);
  return {
    id,
    day:
      last === undefined
        ? null
        : last.kind === 'reply'
          ? last.reply.day
          : (last.preview.received ?? last.preview.begun),
    submissions: previews.length + more,
    replies: entries.length - previews.length,
    unseen: [...marks.values()].filter(({ seen }) => !seen).length + more,
    bytes: previews.reduce((sum, { size }) => sum + (size ?? 0), 0),
    message: words.at(-1)?.trimStart().split('\n', 1)[0]?.slice(0, LINE) ?? null,
    state: GRAVEST.find((state) => states.has(state)) ?? 'damaged',
    labels: [...new Set([...marks.values()].flatMap(({ labels }) => labels))],
  };
}

/** By names, labels, notes and what the first parts hold of messages. */
function matches(summary: ConversationSummary, { entries, marks }: Read, wanted: string, unseen: boolean): boolean {
  if (unseen && summary.unseen === 0) return false;
  if (wanted === '') return true;
  if (summary.id.toLowerCase().startsWith(wanted)) return true;
  const texts = entries.flatMap((entry) =>
    entry.kind === 'submission'
      ? [entry.preview.parcel, entry.preview.message?.text ?? '']
      : [entry.reply.record?.message ?? ''],
  );
  const marked = [...marks.values()].flatMap(({ labels, note }) => [...labels, note]);
  return [...texts, ...marked].some((text) => text.toLowerCase().includes(wanted));
}

function until(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, Math.max(0, ms)));
}
