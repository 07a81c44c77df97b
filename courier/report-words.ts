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

/** Replies with news, what is none, then the sum. */
export function pushInWords({ replies, foreign, bytes }: PushReport): string[] {
  if (replies.length + foreign.length === 0) return ['There are no replies in the bundle.'];
  const count = (state: ReplyState, words: string) => {
    const found = replies.filter((reply) => reply.state === state).length;
    return found === 0 ? [] : [`${found} ${words}`];
  };
  const counts = [
    ...count('delivered', 'delivered now'),
    ...count('there', 'there already'),
    ...count('gone', 'delivered before and deleted on the server since'),
    ...count('cleared', 'not wanted'),
    ...count('kept-back', 'kept back'),
  ];
  return [
    ...replies.filter(({ state }) => state !== 'there' && state !== 'gone').map(replyInWords),
    ...foreign.map((name) => `outbox/${nameInWords(name)} is no part of a reply; it was left alone.`),
    `${countInWords(replies.length, 'reply', 'replies')} in the bundle${counts.length === 0 ? '' : `: ${counts.join(', ')}`}` +
      (bytes === 0 ? '; nothing was sent.' : `; ${bytesInWords(bytes)} sent.`),
  ];
}

function replyInWords({ reply, day, state, finding }: ReplyReport): string {
  const wanted = 'not taken: the source has cleared this mailbox, or has deleted this reply';
  const words = finding === null ? (state === 'cleared' ? wanted : state) : `kept back: ${finding.message}`;
  return [reply, ...(day === '' ? [] : [day]), words].join('  ');
}

/** A line for each parcel. */
export function deleteInWords({ parcels }: DeleteReport): string[] {
  return parcels.map(({ parcel, deleted }) => `${parcel}  ${deleted ? 'deleted' : 'not on the server'}`);
}
