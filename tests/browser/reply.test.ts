/** A reply read in real browsers, over the real server: identical, in bounded memory, and the page goes on living meanwhile. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { deriveCodename } from '../../shared/codename/derive.ts';
import { drawCodename } from '../../shared/codename/draw.ts';
import { deliver } from '../client/mailbox/deliver.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { startChromium } from '../kit/chromium.ts';
import { SAFER, startFirefox } from '../kit/firefox.ts';
import { patternBytes, random } from '../kit/random-bytes.ts';
import { watchMemory } from '../kit/sampler.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';
import { writeReply } from '../kit/write-reply.ts';

const MIB = 1_048_576;
/** MiB of the large attachment; 300 to see that memory does not grow with it. */
const LARGE = Number(process.env['POSTERN_TEST_REPLY_MIB'] ?? '30');
const MESSAGE = 'من صوّر هذا؟ Кто снимал? 🎥\n'.repeat(2000);

let server: TestServer;
let source: string;

beforeAll(async () => {
  server = await startTestServer();
  const folder = join(server.database.data, 'client');
  await mkdir(folder, { recursive: true });
  await build({
    configFile: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2024',
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: join(import.meta.dirname, '../kit/reply-page.ts'),
        output: { entryFileNames: 'reply-page.js' },
      },
    },
  });
  const html =
    '<!doctype html><meta charset=utf-8><title>reply</title><script type=module src=/reply-page.js></script>';
  await writeFile(join(folder, 'index.html'), html);
  await writeFile(join(folder, 'favicon.ico'), '');
  source = (await server.again()).sourceUrl;
});
afterAll(() => server[Symbol.asyncDispose]());

/** A reply with an attachment of so many bytes, on the server; and a page that has the codename. */
async function correspondence(page: Page, size: number): Promise<string> {
  const { organisation } = server;
  const words = drawCodename(random);
  const rootKey = organisation.root.publicKey;
  const { mailbox, replyRecipient } = await deriveCodename({ words, rootKey, rounds: 10 });
  const content = patternBytes(size);
  const files = [{ path: 'صورة/🎥.bin', content }];
  const recipient = { mailbox: mailbox.publicKey, replyRecipient };
  await deliver(server, await writeReply(organisation.reply, recipient, { message: MESSAGE, files }));
  await page.goto(source);
  await page.evaluate(`(async () => {
    while (globalThis.reply === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    return reply.begin(${JSON.stringify(words)}, ${JSON.stringify(toBase64Url(rootKey))});
  })()`);
  return createHash('sha256').update(content).digest('hex');
}

interface Timed {
  readonly ms: number;
  /** The longest time that the page did not run. */
  readonly standstill: number;
}

const browsers: readonly (readonly [string, () => Promise<Browser>, number])[] = [
  ['Chromium', startChromium, LARGE * MIB],
  ['Firefox', () => startFirefox(), LARGE * MIB],
  ['Firefox as “Safer” leaves it', () => startFirefox(SAFER), 4 * MIB],
];

describe.each(browsers)('in %s', (name, start, size) => {
  test('words and attachment come out as they were sent, and the page does not stand still', async () => {
    await using browser = await start();
    const { page } = browser;
    const expected = await correspondence(page, size);
    const before = browser.memory()?.resident ?? 0;
    const memory = watchMemory({ page: () => browser.memory() });
    const opening = await page.evaluate<Timed>('reply.open()');
    expect(await page.evaluate<string>('reply.message()')).toBe(MESSAGE);
    expect(await page.evaluate('reply.files()')).toEqual([{ index: 0, path: 'صورة/🎥.bin', size }]);
    const reading = await page.evaluate<Timed>('reply.read(0)');
    memory.stop();
    expect(await page.evaluate<string>('reply.hash()')).toBe(expected);
    expect(Math.max(opening.standstill, reading.standstill)).toBeLessThan(1000);
    expect(await page.problems()).toEqual([]);
    const grown = (memory.highest.get('page')?.resident ?? 0) - before;
    console.log(
      `${name}: opened in ${opening.ms} ms (still for ${opening.standstill}), ${size / MIB} MiB in ${reading.ms} ms ` +
        `(still for ${reading.standstill}), ${Math.round(grown / MIB)} MiB more in the page`,
    );
  });
});
