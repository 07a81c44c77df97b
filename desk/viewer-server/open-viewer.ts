/** The viewer from the side of the keys: starts the process that serves, answers its questions, says at the terminal what goes on, and ends both. */
import { basename, resolve } from 'node:path';
import { realpath } from 'node:fs/promises';
import { dayOf } from '../../shared/statements/fields.ts';
import type { DeskContext, Options, Outcome } from '../commands/command.ts';
import type { Case } from '../commands/open-case.ts';
import { Failure } from '../failure.ts';
import { startChild } from '../self.ts';
import { findingViews } from './finding-views.ts';
import { newSecret } from './gate.ts';
import { talkTo } from './hostile-child.ts';
import type { Handlers } from './hostile-child.ts';
import { createKeyService } from './key-service.ts';
import { originOf } from './local-names.ts';
import type { StartMessage } from './messages.ts';
import { viewerFiles } from './page-files.ts';
import { readSwaps } from './swaps.ts';
import { addressText, ENDED_TEXT, swapText } from './viewer-text.ts';

/** Serves until the person or the page ends it. Failures `viewer-missing`, `viewer-port`, `viewer-ended`, `viewer-hostile`. */
export async function openViewer(
  { keys, identities, bundle, receiptKeys, findings }: Case,
  { values }: Options,
  context: DeskContext,
): Promise<Outcome> {
  const swaps = await readSwaps();
  if (swaps.length > 0) context.warn(swapText(swaps));
  const folder = await realpath(bundle.folder);
  const token = newSecret(context.random);
  const message: StartMessage = {
    kind: 'start',
    bundle: folder,
    parcels: bundle.parcels,
    receiptKeys,
    port: portIn(values.get('port') ?? '0'),
    token,
    page: await viewerFiles(context.viewerPage),
    start: {
      organisation: keys.organisation.name,
      demo: keys.organisation.demo,
      bundle: basename(resolve(folder)),
      today: dayOf(context.now()),
      clock: null,
      findings: findingViews(findings),
      canReply: true,
      whyNot: null,
      exchange: null,
    },
  };
  const keyOf = createKeyService(identities);
  const answers: Handlers = {
    ready: ({ page }) => {
      context.warn(addressText(`${originOf(page)}/#${token}`));
      return Promise.resolve(null);
    },
    close: () => {
      setImmediate(() => child.end());
      return Promise.resolve(null);
    },
    'part-key': ({ start }) => keyOf(start),
  };
  const child = talkTo(startChild('content-process', folder), message, answers);
  void context.untilInterrupted?.().then(() => child.end());
  const why = await child.ended;
  if (why !== 'asked-to') throw new Failure(why === 'hostile' ? 'viewer-hostile' : 'viewer-died');
  return { exit: 0, text: ENDED_TEXT, json: {} };
}

function portIn(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port > 65_535) throw new Failure('viewer-port', { port: text });
  return port;
}
