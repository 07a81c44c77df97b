/** What pull, push and delete did, in lines for people. */
import { PROBLEMS } from '../shared/problem/codes.ts';
import type { DeleteReport } from './delete.ts';
import type { ParcelReport } from './pull-parcel.ts';
import type { PullReport } from './pull.ts';
import type { ReplyReport, ReplyState } from './push-reply.ts';
import type { PushReport } from './push.ts';
import { bytesInWords, countInWords, nameInWords } from './text.ts';

/** Parcels with news, then the sum. */
export function pullInWords(report: PullReport): string[] {
  const news = report.parcels.filter(({ fetched, finding }) => fetched > 0 || finding !== null);
  const arriving = report.parcels.filter(({ state }) => state === 'unfinished').length;
  return [
    ...news.map(parcelInWords),
    ...(report.card ? [] : ['The server has no key card yet.']),
    `${countInWords(report.parcels.length, 'parcel')} in the bundle` +
      (arriving === 0 ? '' : `, ${arriving} of them still being sent`) +
      (report.bytes === 0 ? '; nothing new.' : `; ${bytesInWords(report.bytes)} fetched.`),
  ];
}

function parcelInWords({ parcel, day, state, parts, here, finding }: ParcelReport): string {
  const words = finding === null ? state : `${state}: ${PROBLEMS[finding].title}`;
  return `${parcel}  ${day}  ${here} of ${countInWords(parts, 'part')}  ${words}`;
}

const STATES: Readonly<Record<ReplyState, string>> = {
  delivered: 'delivered',
  there: 'there already',
  gone: 'delivered before, and deleted on the server since',
  cleared: 'not taken: the source has cleared this mailbox, or has deleted this reply',
  'kept-back': 'kept back',
};

/** All replies, what is none, then the sum. */
export function pushInWords({ replies, foreign, bytes }: PushReport): string[] {
  if (replies.length + foreign.length === 0) return ['There are no replies in the bundle.'];
  const count = (state: ReplyState) => replies.filter((reply) => reply.state === state).length;
  const kept = count('kept-back');
  return [
    ...replies.map(replyInWords),
    ...foreign.map((name) => `outbox/${nameInWords(name)} is no part of a reply; it was left alone.`),
    `${countInWords(replies.length, 'reply', 'replies')} in the bundle, ${count('delivered')} delivered now` +
      (kept === 0 ? '' : `, ${kept} kept back`) +
      (bytes === 0 ? '; nothing was sent.' : `; ${bytesInWords(bytes)} sent.`),
  ];
}

function replyInWords({ reply, day, state, finding }: ReplyReport): string {
  const words = finding === null ? STATES[state] : `${STATES[state]}: ${finding.message}`;
  return [reply, ...(day === '' ? [] : [day]), words].join('  ');
}

/** A line for each parcel. */
export function deleteInWords({ parcels }: DeleteReport): string[] {
  return parcels.map(({ parcel, deleted }) => `${parcel}  ${deleted ? 'deleted' : 'not on the server'}`);
}
