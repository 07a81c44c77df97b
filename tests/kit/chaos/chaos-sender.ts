/** One source in the chaos: brings its parcel in whatever happens, over several lanes, and tells a witness what was acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Upload } from 'tus-js-client';
import { toBase64 } from '../../../shared/bytes/base64.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import {
  claimRoute,
  finishedRoute,
  PARCELS_ROUTE,
  partRoute,
  sealRoute,
  TUS_ROUTE,
} from '../../../shared/protocol/routes.ts';
import { unverifiedPartStatement } from '../../../shared/statements/part-statement.ts';
import type { Witness } from '../audit.ts';
import { answerChallenge } from '../mailbox-owner.ts';
import { BODY_TYPE } from '../sender.ts';
import { solveWork } from '../solve-work.ts';
import type { ChaosParcel, EncryptedPart } from './chaos-parcel.ts';
import { send } from './chaos-request.ts';
import type { ChaosAnswer, ChaosRequest } from './chaos-request.ts';
import type { UploadPlan } from './plan.ts';

export interface Tally {
  resets: number;
  conflicts: number;
  away: number;
  acknowledged: number;
  claims: number;
  bytes: number;
  /** What must not be, in words. */
  readonly wrong: string[];
}

export interface SenderPlace {
  /** Addresses of the source listeners; any takes any request. */
  readonly sources: readonly string[];
  readonly witness: Witness;
  readonly tally: Tally;
  /** Aborted when it has taken too long. */
  readonly signal: AbortSignal;
}

const TUS = { 'tus-resumable': '1.0.0' };
const JSON_TYPE = { 'content-type': 'application/json' };
/** Requests that one source has under way at once. */
export const LANES = 2;
/** Refusals that pass: the database or its store is away, too much at once, another request of ours was faster. */
const PASSING = new Set(['database-away', 'storage-away', 'server-busy', 'offset-conflict']);

/** Sends all of a parcel and seals it; resolves when the receipt is here. */
export async function bringInParcel(plan: UploadPlan, parcel: ChaosParcel, place: SenderPlace): Promise<void> {
  const { dice } = plan;
  const { tally, witness, signal } = place;
  const anySource = (): string => dice.pick(place.sources);
  let resets = plan.resets;
  const hashes: string[] = [];

  /** Asks until there is an answer that is not a passing refusal; gives up never but at the end of all. */
  const insist = async (request: () => Omit<ChaosRequest, 'signal'>): Promise<ChaosAnswer> => {
    for (;;) {
      signal.throwIfAborted();
      const answer = await send({ ...request(), signal });
      if (answer !== null && answer.status < 500 && (answer.code === null || !PASSING.has(answer.code))) return answer;
      if (answer?.status === 503) tally.away++;
      if (answer?.status === 500) tally.wrong.push(`500 from ${request().method}`);
      await sleep(20 + dice.between(0, 80));
    }
  };
  /** Asks for something, with as much work as is asked for. */
  const post = async (path: string, body: unknown, headers = {}): Promise<ChaosAnswer> => {
    const said = utf8Encode(JSON.stringify(body));
    for (let proof = {}; ;) {
      const all = { ...JSON_TYPE, ...headers, ...proof };
      const answer = await insist(() => ({ method: 'POST', url: anySource() + path, headers: all, body: said }));
      if (answer.code !== 'work-required') return answer;
      proof = { 'postern-work': await solveWork((JSON.parse(answer.body) as { work: string }).work) };
    }
  };

  /** Brings one part in; stops early, with false, when `stopped` says so or another browser has taken over. */
  const bringInPart = async (
    part: number,
    file: EncryptedPart,
    writer: number,
    stopped: AbortSignal,
  ): Promise<boolean> => {
    const { bytes, statement } = file;
    const path = partRoute(parcel.id, part);
    const says = `writer ${toBase64(utf8Encode(String(writer)))}`;
    const creation = {
      'upload-length': String(bytes.length),
      'upload-metadata': `statement ${toBase64(utf8Encode(statement))},${says}`,
    };
    const either = AbortSignal.any([signal, stopped]);
    let acknowledged = 0;
    let offset: number | null = null;
    let ask = dice.chance(0.2);
    while (offset !== bytes.length) {
      signal.throwIfAborted();
      if (stopped.aborted) return false;
      const from: number = offset ?? 0;
      const length = Math.min(bytes.length - from, dice.between(1, 400_000));
      const resetAfter = !ask && resets > 0 ? dice.between(0, length - 1) : null;
      if (resetAfter !== null) resets--;
      let wasReset = false;
      const method = ask ? 'HEAD' : offset === null ? 'POST' : 'PATCH';
      const answer = await send(
        {
          method,
          url: anySource() + path,
          headers: {
            ...TUS,
            ...(ask ? { 'upload-metadata': says } : BODY_TYPE),
            ...(method === 'POST' ? creation : {}),
            ...(method === 'PATCH' ? { 'upload-offset': String(from), 'upload-metadata': says } : {}),
          },
          ...(ask ? {} : { body: bytes.subarray(from, from + length) }),
          resetAfter,
          signal: either,
        },
        () => (wasReset = true),
      );
      if (wasReset) tally.resets++;
      else if (resetAfter !== null) resets++;
      if (answer?.status === 409) tally.conflicts++;
      if (answer?.status === 503) tally.away++;
      if (answer !== null && answer.status < 300 && answer.offset !== null) {
        if (answer.offset < acknowledged) tally.wrong.push(`part ${part}: ${answer.offset} after ${acknowledged}`);
        acknowledged = Math.max(acknowledged, answer.offset);
        witness.offset(parcel.id, part, answer.offset);
        tally.acknowledged++;
        offset = answer.offset;
        ask = false;
      } else if (answer?.status === 404 && method !== 'POST') {
        if (acknowledged > 0 && !stopped.aborted) tally.wrong.push(`part ${part}: gone after ${acknowledged}`);
        offset = null;
        ask = false;
      } else {
        if (answer?.code === 'writer-replaced') return false;
        const passes = answer === null || answer.status === 503 || answer.code === null || PASSING.has(answer.code);
        if (!passes) tally.wrong.push(`${method} of a part: ${answer.status} ${answer.code}`);
        ask = true;
        await sleep(10 + dice.between(0, 60));
      }
    }
    tally.bytes += bytes.length;
    hashes[part] = file.sha256;
    return true;
  };

  const bringInParts = async (
    missing: readonly number[],
    writer: number,
    stopped: AbortSignal,
    most = Infinity,
  ): Promise<void> => {
    const queue = [...missing];
    let done = 0;
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        for (let part = queue.shift(); part !== undefined && done < most; part = queue.shift()) {
          if (await bringInPart(part, await parcel.part(part), writer, stopped)) done++;
        }
      }),
    );
  };

  /** tus-js-client as its documentation has it; when it gives up, it is started again. */
  const bringInByStock = async (part: number): Promise<void> => {
    const file = await parcel.part(part);
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      const source = anySource();
      const ended = await new Promise<boolean>((resolve) => {
        new Upload(Buffer.from(file.bytes), {
          endpoint: source + TUS_ROUTE,
          ...(attempt > 0 && { uploadUrl: source + partRoute(parcel.id, part) }),
          metadata: { statement: file.statement },
          chunkSize: 300_000,
          retryDelays: [50],
          onError: () => resolve(false),
          onSuccess: () => resolve(true),
        }).start();
      });
      if (ended) break;
      await sleep(50 + dice.between(0, 100));
    }
    witness.offset(parcel.id, part, file.bytes.length);
    tally.acknowledged++;
    tally.bytes += file.bytes.length;
    hashes[part] = file.sha256;
  };

  /** Another browser with the codename: signs in, claims, learns what is here, and brings the rest as new age files. */
  const takeOver = async (): Promise<void> => {
    const { mailbox } = parcel.keys;
    const signIn = async (): Promise<string> => {
      for (;;) {
        signal.throwIfAborted();
        const answer = await answerChallenge(anySource(), mailbox).catch(() => null);
        if (answer?.ok) return ((await answer.json()) as { token: string }).token;
        await sleep(50);
      }
    };
    const authorization = `Bearer ${await signIn()}`;
    for (let part = 0; part < parcel.parts; part++) if (hashes[part] === undefined) witness.letGo(parcel.id, part);
    const claimed = await post(claimRoute(parcel.id), { writer: 1 }, { authorization });
    if (claimed.status !== 200) tally.wrong.push(`claim: ${claimed.status} ${claimed.code}`);
    tally.claims++;
    const listed = await insist(() => ({
      method: 'GET',
      url: anySource() + finishedRoute(parcel.id),
      headers: { authorization },
    }));
    const { parts } = JSON.parse(listed.body) as { parts: readonly { statement: string }[] };
    const here = new Map(
      parts.map(({ statement }) => {
        const { part, sha256 } = unverifiedPartStatement(statement);
        return [part, sha256] as const;
      }),
    );
    for (const [part, hash] of hashes.entries())
      if (hash !== undefined && here.get(part) !== hash) tally.wrong.push(`part ${part}: not here after the claim`);
    for (const [part, hash] of here) hashes[part] = hash;
    const missing = Array.from({ length: parcel.parts }, (_, part) => part).filter((part) => !here.has(part));
    await bringInParts(missing, 1, new AbortController().signal);
  };

  const opened = await post(PARCELS_ROUTE, { opening: await parcel.opening() });
  if (opened.status > 201) throw new Error(`opening: ${opened.status} ${opened.code}`);
  const all = Array.from({ length: parcel.parts }, (_, part) => part);
  if (plan.kind === 'stock') for (const part of all) await bringInByStock(part);
  else if (plan.kind === 'sliced') await bringInParts(all, 0, new AbortController().signal);
  else {
    const first = new AbortController();
    const timer = setTimeout(() => first.abort(), dice.between(50, 1500));
    await bringInParts(all, 0, first.signal, Math.max(1, parcel.parts - 1));
    clearTimeout(timer);
    await takeOver();
  }
  const seal = await parcel.seal(hashes);
  const sealed = await post(sealRoute(parcel.id), { seal });
  if (sealed.status !== 200) throw new Error(`seal: ${sealed.status} ${sealed.code}`);
  const { receipt } = JSON.parse(sealed.body) as { receipt: string };
  witness.sealed(parcel.id, receipt);
  // Asked for again, whoever answers: the same receipt, and nothing else.
  const again = await post(sealRoute(parcel.id), { seal });
  if ((JSON.parse(again.body) as { receipt?: string }).receipt !== receipt) tally.wrong.push('another receipt');
}
