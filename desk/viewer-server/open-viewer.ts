/** The viewer from the side of the keys: starts the process that serves, answers its questions, says at the terminal what goes on, and ends both. */
import { basename, join } from 'node:path';
import { realpath } from 'node:fs/promises';
import { dayOf } from '../../shared/statements/fields.ts';
import type { DeskContext, Options, Outcome } from '../commands/command.ts';
import type { Case } from '../commands/open-case.ts';
import { ownCard } from '../commands/reply.ts';
import { startSession } from '../custody/session.ts';
import { Failure } from '../failure.ts';
import { startChild } from '../self.ts';
import { openCaseLogs } from './case-logs.ts';
import { openExchange } from './exchange.ts';
import { findingViews } from './finding-views.ts';
import { newSecret } from './gate.ts';
import { talkTo } from './hostile-child.ts';
import type { Handlers } from './hostile-child.ts';
import { createJobs } from './jobs.ts';
import { createKeyService } from './key-service.ts';
import { originOf } from './local-names.ts';
import type { StartMessage } from './messages.ts';
import { pageFolder, viewerFiles } from './page-files.ts';
import { refusalOf } from './refusal.ts';
import { createStaffActs } from './staff-acts.ts';
import { readableInbox } from './readable-inbox.ts';
import { keepsCores, readSwaps } from './swaps.ts';
import { addressText, CORE_TEXT, ENDED_TEXT, lockedText, swapText } from './viewer-text.ts';

const FAREWELL_MS = 300;
const MOST_MINUTES = 1_440;

/** Serves until the person or the page ends it. Failures `exchange-missing`, `viewer-bundle`, `option-number`, `viewer-missing`, `viewer-port`, `viewer-died`, `viewer-hostile`. */
export async function openViewer(opened: Case, options: Options, context: DeskContext): Promise<Outcome> {
  const { values } = options;
  const { keys, identities, bundle, receiptKeys, findings } = opened;
  const keysFolder = values.get('keys')!;
  const cases = values.get('cases') ?? join(keysFolder, 'cases');
  const port = portIn(values.get('port') ?? '0');
  const lock = minutesIn(values.get('lock') ?? '30');
  const given = values.get('exchange');
  const exchange = given === undefined ? null : await openExchange(given, [keysFolder, cases, bundle.folder]);
  const folder = await realpath(bundle.folder);
  const readable = await readableInbox(folder);
  const page = pageFolder(context.viewerPage);
  await viewerFiles(page);
  const session = await startSession(opened, options, context);
  const logs = openCaseLogs(session, createTeller(context.warn));
  const jobs = createJobs();
  const swaps = await readSwaps();
  if (swaps.length > 0) context.warn(swapText(swaps));
  if (await keepsCores()) context.warn(CORE_TEXT);
  const token = newSecret(context.random);
  const whyNot = whyNoReply(opened);
  const now = context.now();
  const message: StartMessage = {
    kind: 'start',
    bundle: folder,
    parcels: bundle.parcels,
    receiptKeys,
    port,
    token,
    lock: lock * 60_000,
    page,
    start: {
      organisation: keys.organisation.name,
      demo: keys.organisation.demo,
      bundle: basename(folder),
      today: dayOf(now),
      clock: session.doubt(),
      findings: findingViews(findings),
      canReply: whyNot === null,
      whyNot,
      exchange: exchange?.folder ?? null,
    },
  };
  let locked = false;
  const keyOf = createKeyService(identities);
  let told = false;
  const answers: Handlers = {
    ...createStaffActs({ opened, keysFolder, exchange, session, logs, jobs, context }),
    ready: (listening) => {
      // Once: a process that was taken over could send the person to another port.
      if (!told) context.warn(addressText(`${originOf(listening.page)}/#${token}`));
      told = true;
      return Promise.resolve(null);
    },
    close: () => {
      // The page hears of it first.
      setTimeout(() => child.end(), FAREWELL_MS);
      return Promise.resolve(null);
    },
    idle: () => {
      // What was begun is done first, whether anybody waits for it or not.
      locked = jobs.idle();
      if (locked) child.end();
      return Promise.resolve(null);
    },
    'part-key': ({ start }) => keyOf(start),
  };
  const readableToo = page === null ? [] : [page];
  const child = talkTo(startChild('content-process', [readable, ...readableToo]), message, answers);
  void context.untilInterrupted?.().then(() => child.end());
  const why = await child.ended;
  await jobs.close();
  await logs.settle();
  if (why !== 'asked-to') throw new Failure(why === 'hostile' ? 'viewer-hostile' : 'viewer-died');
  return { exit: 0, text: locked ? lockedText(lock) : ENDED_TEXT, json: {} };
}

/** Why no reply can be written, as a sentence; null when one can. */
function whyNoReply(opened: Case): string | null {
  try {
    ownCard(opened);
    return null;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refusalOf(error).sentence;
  }
}

/** Tells each failure once: many parcels may have the same. */
function createTeller(warn: (line: string) => void): (failure: Failure) => void {
  const told = new Set<string>();
  return (failure) => {
    const { sentence } = refusalOf(failure);
    if (told.has(sentence)) return;
    told.add(sentence);
    warn(`desk: ${sentence}`);
  };
}

function portIn(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port > 65_535) throw new Failure('viewer-port', { port: text });
  return port;
}

/** Minutes, of which a hundredth is the least. */
function minutesIn(text: string): number {
  const minutes = /^\d{1,4}(?:\.\d{1,2})?$/.test(text) ? Number(text) : Infinity;
  if (minutes > MOST_MINUTES) throw new Failure('option-number', { option: 'lock', least: 0, most: MOST_MINUTES });
  return minutes;
}
