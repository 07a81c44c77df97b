/** Cards that a page must not accept, and a clock that is wrong: one clear sentence each, and nothing is sent. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../client/locales/en.ts';
import { buildClient } from '../../deploy/client.mjs';
import { generateIdentity, recipientOf } from '../../shared/age/identity.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { signCard } from '../../shared/statements/card.ts';
import type { Browser } from '../kit/browser.ts';
import { BROWSERS, startBrowser } from '../kit/browsers.ts';
import { pattern } from '../kit/journey.ts';
import { startStaticSource } from '../kit/static-source.ts';
import type { StaticSource } from '../kit/static-source.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import type { TemporaryFolder } from '../kit/temporary-folder.ts';

let folder: TemporaryFolder;
let source: StaticSource;
let root: SigningKey;
let recipient: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  root = await ed25519FromSeed(randomBytes(32));
  recipient = await recipientOf(await generateIdentity('hybrid'));
  const dist = join(folder.path, 'client');
  await mkdir(dist);
  buildClient({ rootKey: toBase64Url(root.publicKey), dist });
  source = await startStaticSource(dist);
});

afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const DAY = 86_400_000;
const day = (offset: number) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);

/** A card with days counted from today. */
async function card(issued: number, from: number, until: number, signer = root): Promise<string> {
  return signCard(
    {
      organisation: 'Test organisation',
      rootKey: signer.publicKey,
      serial: 1,
      issued: day(issued),
      replaces: null,
      demo: false,
      replyKey: randomBytes(32),
      receiptKey: randomBytes(32),
      recipients: [{ from: day(from), until: day(until), recipient }],
    },
    signer,
  );
}

const CASES: readonly [string, () => Promise<string>, string][] = [
  ['expired years ago, or the clock is years ahead', () => card(-2000, -2000, -1600), en['card.clock-or-expired']],
  ['issued years from now: the clock is behind', () => card(1500, 1500, 1900), en['card.clock-behind']],
  ['not valid yet', () => card(-1, 3, 30), en['card.not-yet']],
  [
    'of another root',
    async () => card(-1, -1, 30, await ed25519FromSeed(randomBytes(32))),
    en['problem.card-untrusted'],
  ],
  ['unsigned', async () => (await card(-1, -1, 30)).split('\n\n')[0] + '\n', en['problem.note-invalid']],
  [
    'changed by a letter',
    async () => (await card(-1, -1, 30)).replace('Test org', 'Best org'),
    en['problem.card-untrusted'],
  ],
  ['no card at all', async () => '<h1>It works!</h1>', en['problem.note-invalid']],
];

describe.each(BROWSERS)('in %s', (name) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser(name);
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  test.each(CASES)('a card %s', async (_, make, sentence) => {
    source.card = await make();
    await browser.page.goto(source.url);
    await browser.page.waitForText(pattern(sentence));
    expect(await browser.page.has({ role: 'button', name: en['read.begin'] })).toBe(false);
    expect(source.others).toEqual([]);
  });

  test('a good card, to be sure that it is the cards', async () => {
    source.card = await card(0, 0, 0);
    await browser.page.goto(source.url);
    await browser.page.click({ role: 'button', name: en['read.begin'] });
    await browser.page.waitForText(pattern(en['choose.title']));
    expect(await browser.page.problems()).toEqual([]);
  });
});
