/** Sources whose computer is switched off: sendings that are cut off, and gone on with by a browser that knows seven words. Not a test. */
import type { Effects } from '../../../client/upload/course.ts';
import { startEngine } from '../../../client/upload/engine.ts';
import type { Engine } from '../../../client/upload/engine.ts';
import { startFirstSending } from '../../../client/upload/first-sending.ts';
import { createGate } from '../../../client/upload/gate.ts';
import type { Hashing } from '../../../client/upload/hashing.ts';
import { createLaneCount } from '../../../client/upload/lane-count.ts';
import type { Link } from '../../../client/upload/link.ts';
import { createResumption } from '../../../client/upload/resumption.ts';
import type { Resumption } from '../../../client/upload/resumption-types.ts';
import { createSlices } from '../../../client/upload/slices.ts';
import type { PickedFile } from '../../../client/upload/submission-types.ts';
import type { HttpRequest, Transport } from '../../../client/upload/transport.ts';
import { createMailbox } from '../../../client/mailbox/create-mailbox.ts';
import type { Mailbox, Unfinished } from '../../../client/mailbox/mailbox.ts';
import type { CodenameKeys } from '../../../shared/codename/derive.ts';
import type { Card } from '../../../shared/statements/card.ts';
import { fetchTransport } from '../../kit/fetch-transport.ts';
import type { TestServer } from '../../kit/test-server.ts';
import { parcelIn, testCard, testEffects, testKeys } from './run-engine.ts';
import { soon } from './soon.ts';

export const MIB = 1_048_576;

/** What becomes of a request: it goes, it hangs until the end, or the computer is switched off before it, or after it was answered. */
export type Fate = 'goes' | 'hangs' | 'cut before' | 'cut after';

/** The part that a request is about, or null. */
export function partIn(path: string): number | null {
  const found = /\/parts\/(\d+)$/.exec(path);
  return found === null ? null : Number(found[1]);
}

export interface Source {
  readonly card: Card;
  readonly keys: CodenameKeys;
  /** The mailbox, as a page has it. */
  readonly mailbox: Mailbox;
  /** Age headers of all parts that were begun, by their statement. */
  readonly headers: Map<string, string>;
  /** How often each part was begun, over all sendings. */
  readonly begun: Map<number, number>;
  /** The parcel of the latest sending. */
  parcel(): string;
  /** Takes note of a request that goes out. */
  readonly watch: (request: HttpRequest) => void;
}

/** One browser at work. */
export interface Browser {
  readonly engine: Engine;
  /** Bytes that were hashed. */
  hashed(): number;
}

/** A source with a codename. */
export async function source(server: TestServer): Promise<Source> {
  const card = await testCard(server);
  const keys = await testKeys(card);
  const { clock, random } = testEffects(server, card);
  const link: Link = {
    transport: fetchTransport(server.sourceUrl),
    clock,
    random,
    gate: createGate(clock),
    slices: createSlices(),
    lanes: createLaneCount(),
    onTrouble: () => undefined,
    onWork: () => undefined,
  };
  const headers = new Map<string, string>();
  const begun = new Map<number, number>();
  let parcel = '';
  return {
    card,
    keys,
    mailbox: createMailbox({ key: keys.mailbox, card, link }),
    headers,
    begun,
    parcel: () => parcel,
    watch(request) {
      const part = partIn(request.path);
      parcel = parcelIn(request.path) ?? parcel;
      if (part === null || request.method !== 'POST') return;
      const statement = /^statement (\S+?),/.exec(request.headers['upload-metadata']!)![1]!;
      if (headers.has(statement)) return;
      begun.set(part, (begun.get(part) ?? 0) + 1);
      const text = Buffer.from(request.body as Uint8Array).toString('latin1');
      headers.set(statement, text.slice(0, text.indexOf('\n---')));
    },
  };
}

interface Sending {
  readonly fate?: (request: HttpRequest) => Fate;
  readonly change?: Partial<Effects>;
}

/** Sends for the first time. */
export function sendFirst(
  server: TestServer,
  from: Source,
  { files, message = null, ...sending }: Sending & { files: readonly PickedFile[]; message?: string | null },
): Browser {
  return browser(server, from, sending, (effects) =>
    startFirstSending({ ...effects, files, message, keys: Promise.resolve(from.keys), partSize: MIB }),
  );
}

/** Sends for the first time until the server has exactly these parts whole; then the computer is switched off. */
export async function sendParts(
  server: TestServer,
  from: Source,
  input: { readonly files: readonly PickedFile[]; readonly message?: string | null; readonly parts: readonly number[] },
): Promise<void> {
  const { parts, ...rest } = input;
  const first = sendFirst(server, from, { ...rest, fate: onlyParts(parts) });
  await switchOffAt(first, parts.length);
}

/** Lets only these parts through; at most two before the last of them may be missing, as there are three lanes. */
export function onlyParts(parts: readonly number[]): (request: HttpRequest) => Fate {
  return ({ path }) => {
    const part = partIn(path);
    return part === null || parts.includes(part) ? 'goes' : 'hangs';
  };
}

/** Switches off when so many whole parts of 1 MiB are safe in all. */
export async function switchOffAt({ engine }: Browser, parts: number): Promise<void> {
  await soon(() => engine.state().acknowledged === parts * MIB);
  engine.stop();
  await engine.done;
}

/** Opens what the mailbox shows as unfinished; `start` goes on. */
export async function comeBack(
  server: TestServer,
  from: Source,
  sending: Sending & { readonly unfinished?: Unfinished } = {},
): Promise<{ readonly resumption: Resumption; readonly goOn: () => Browser }> {
  const unfinished = sending.unfinished ?? (await from.mailbox.look()).unfinished[0]!;
  let started: Browser | null = null;
  const resumption = await createResumption({
    mailbox: from.mailbox,
    keys: from.keys,
    unfinished,
    provider: testEffects(server, from.card).provider,
    begin(prepare) {
      started = browser(server, from, sending, (effects) => startEngine(effects, prepare));
      return started.engine;
    },
  });
  return {
    resumption,
    goOn() {
      resumption.start();
      return started!;
    },
  };
}

/** Chooses files and goes on with them. */
export async function goOnWith(
  server: TestServer,
  from: Source,
  files: readonly PickedFile[],
  sending: Sending = {},
): Promise<Browser> {
  const { resumption, goOn } = await comeBack(server, from, sending);
  await resumption.add(files);
  return goOn();
}

function browser(
  server: TestServer,
  from: Source,
  { fate = () => 'goes', change = {} }: Sending,
  start: (effects: Effects) => Engine,
): Browser {
  const inner = fetchTransport(server.sourceUrl);
  let off = false;
  let engine: Engine | null = null;
  let bytes = 0;
  const transport: Transport = async (request) => {
    const what = off ? 'hangs' : fate(request);
    if (what === 'cut before') switchOff();
    else if (what !== 'hangs') {
      from.watch(request);
      const answer = await inner(request);
      if (what === 'goes') return off ? null : answer;
      switchOff();
      return null;
    }
    await new Promise((resolve) => {
      request.signal.addEventListener('abort', resolve);
      if (request.signal.aborted) resolve(null);
    });
    return null;
  };
  function switchOff(): void {
    off = true;
    engine?.stop();
  }
  const effects = testEffects(server, from.card, { ...change, transport });
  const hashing: Hashing = (given, spans, at) => {
    bytes += spans.reduce((sum, { length }) => sum + length, 0);
    return effects.hashing(given, spans, at);
  };
  engine = start({ ...effects, hashing });
  return { engine, hashed: () => bytes };
}
