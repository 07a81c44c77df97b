/**
 * One parcel into the bundle. The envelope goes first: it says what there must be, so a bundle that was cut off half way
 * is plainly incomplete to the desk, and every part in it can already be opened.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ProblemCode } from '../shared/problem/codes.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { formatEnvelope, logProofIn } from '../shared/protocol/envelope.ts';
import type { ParcelSummary } from '../shared/protocol/messages.ts';
import { partName } from '../shared/protocol/part-name.ts';
import { missingParts, readIfThere, refuseLink, sizesIn } from './bundle.ts';
import { replaceFile, syncFolder } from './durable.ts';
import { checkEnvelope, mergeEnvelopes } from './envelope-check.ts';
import type { CheckedEnvelope } from './envelope-check.ts';
import { fetchParts, mendParts, notWhole } from './fetch-parts.ts';
import type { Fetch, PullContext } from './fetch-parts.ts';
import { diskTrouble } from './halt.ts';

export interface ParcelReport {
  readonly parcel: string;
  readonly number: number;
  readonly day: string;
  /** complete: sealed and all here. unfinished: its sender is not done, all that the server has is here. incomplete: something could not be fetched. */
  readonly state: 'complete' | 'unfinished' | 'incomplete';
  /** Parts that the sender announced, that are in the bundle, that this run fetched. */
  readonly parts: number;
  readonly here: number;
  readonly fetched: number;
  /** True when the server knows that staff have all of it. */
  readonly collected: boolean;
  /** What did not match, or null. */
  readonly finding: ProblemCode | null;
}

/** Brings one parcel of the bundle up to date. Findings are in the report; Halt on disk or server trouble. */
export async function pullParcel(context: PullContext, summary: ParcelSummary): Promise<ParcelReport> {
  const { bundle } = context;
  const folder = bundle.inbox(summary.parcel);
  await refuseLink(folder);
  const old = await readOld(bundle.envelope(summary.parcel), summary.parcel);
  const sizes = await sizesIn(folder);
  const complete = old !== null && missingParts(old.statements, sizes).length === 0 && isUpToDate(old, summary);
  const fetch: Fetch = { context, folder, fetched: new Set(), lost: 0, finding: null };
  const isProved = complete && (!summary.sealed || logProofIn(old.envelope) !== null);
  if (isProved && !isToBeCollected(old, summary)) return report(summary, old, fetch, summary.collected);

  let wanted = old;
  let collected = summary.collected;
  try {
    if (!complete) wanted = await fetchParcel(fetch, summary.parcel, old, sizes);
    // A receipt is in the server's log from the day after on: then the envelope has the proof.
    else if (!isProved) wanted = await fetchEnvelope(context, summary.parcel, old);
    if (wanted !== null && fetch.finding === null && isToBeCollected(wanted, summary)) {
      await mendParts(fetch, wanted.statements);
      collected = fetch.finding === null && (await context.api.collected(summary.parcel));
    }
  } catch (error) {
    if (!isProblem(error)) throw error;
    fetch.finding ??= error.code;
  }
  return report(summary, wanted, fetch, collected);
}

/** Envelope and parts that are not in the bundle yet. */
async function fetchParcel(
  fetch: Fetch,
  parcel: string,
  old: CheckedEnvelope | null,
  sizes: ReadonlyMap<string, number>,
): Promise<CheckedEnvelope> {
  const wanted = await fetchEnvelope(fetch.context, parcel, old);
  const known = new Set(old?.statements.map(({ part }) => part));
  const doubtful = wanted.statements.filter(({ part }) => !known.has(part) && sizes.has(partName(part)));
  const wrong = await notWhole(fetch.folder, doubtful, sizes);
  await fetchParts(fetch, [...missingParts(wanted.statements, sizes), ...wrong]);
  return wanted;
}

/** True when the parcel is sealed, and the server does not know yet that staff have it. */
function isToBeCollected({ envelope }: CheckedEnvelope, summary: ParcelSummary): boolean {
  return envelope.seal !== null && summary.sealed && !summary.collected;
}

/** What an earlier run knew, or null; what is unreadable is fetched anew. */
async function readOld(path: string, parcel: string): Promise<CheckedEnvelope | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  try {
    return await checkEnvelope(text, parcel);
  } catch {
    return null;
  }
}

function isUpToDate({ envelope, statements }: CheckedEnvelope, summary: ParcelSummary): boolean {
  if (envelope.seal !== null) return envelope.receipt !== null;
  return !summary.sealed && summary.finished <= statements.length;
}

async function fetchEnvelope(
  context: PullContext,
  parcel: string,
  old: CheckedEnvelope | null,
): Promise<CheckedEnvelope> {
  const { api, bundle } = context;
  const fresh = await checkEnvelope(await api.envelope(parcel), parcel);
  const wanted = old === null ? fresh : await mergeEnvelopes(old, fresh);
  const path = bundle.envelope(parcel);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await syncFolder(dirname(dirname(path)));
  } catch (error) {
    throw diskTrouble(error, path);
  }
  const text = formatEnvelope(wanted.envelope);
  if (old === null || formatEnvelope(old.envelope) !== text) await replaceFile(path, text);
  return wanted;
}

function report(
  { parcel, number, day }: ParcelSummary,
  wanted: CheckedEnvelope | null,
  { fetched, lost, finding }: Fetch,
  collected: boolean,
): ParcelReport {
  const absent = finding === null ? 0 : Math.max(lost, 1);
  const here = Math.max(0, (wanted?.statements.length ?? 0) - absent);
  const sealed = wanted !== null && wanted.envelope.seal !== null;
  const state = finding !== null ? 'incomplete' : sealed ? 'complete' : 'unfinished';
  const parts = wanted?.announced ?? 0;
  return { parcel, number, day, state, parts, here, fetched: fetched.size, collected, finding };
}
