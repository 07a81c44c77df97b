/** `npm run bench -- speeds`: speeds side by side in one run. Prints a report; with --write it becomes a chapter of docs/benchmarks.md. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bytesInWords } from '../courier/text.ts';
import { nodeCipher } from '../desk/node-cipher.ts';
import { loadLibsodium } from '../shared/crypto/libsodium-provider.ts';
import { nobleProvider } from '../shared/crypto/noble-provider.ts';
import type { BrowserName } from '../tests/kit/browser.ts';
import { startBrowser } from '../tests/kit/browsers.ts';
import { startDrop } from '../tests/kit/drop.ts';
import { writeBig } from '../tests/kit/footage.ts';
import { run } from '../tests/kit/programs.ts';
import { parseSize } from '../tests/kit/sizes.ts';
import { temporaryFolder } from '../tests/kit/temporary-folder.ts';
import { measureCipher } from './ciphers.ts';
import type { CipherFigures } from './ciphers.ts';
import { measureGuesses } from './guesses.ts';
import { measureLedger } from './ledger.ts';
import { chapterHead, writeChapter } from './page.ts';
import { buildPages } from './pages.ts';
import { median, rate, table } from './table.ts';
import { sendOurs, startPlain } from './uploads.ts';
import type { OurTime } from './uploads.ts';

/** Measures what `--only` names, or all of it. */
export async function speeds(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: '1G' },
      rounds: { type: 'string', default: '3' },
      browsers: { type: 'string', default: 'chromium,firefox' },
      only: { type: 'string', default: 'upload,ciphers,guesses,ledger' },
      write: { type: 'boolean', default: false },
    },
  });
  const size = parseSize(values.size);
  const rounds = Number(values.rounds);
  const browsers = values.browsers
    .split(',')
    .filter((name): name is BrowserName => name === 'chromium' || name === 'firefox');
  const parts = values.only.split(',');
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

  await using work = await temporaryFolder();
  const pages = join(work.path, 'pages');
  const report = chapterHead('Speeds', 'speeds', args);
  const say = (text: string) => console.error(text);

  if (parts.includes('upload')) report.push('', ...(await uploads()));
  if (parts.includes('ciphers')) report.push('', ...(await ciphers()));
  if (parts.includes('guesses')) report.push('', ...(await guesses()));
  if (parts.includes('ledger')) report.push('', ...(await ledger()));
  console.log(report.join('\n'));
  if (values.write) await writeChapter(report);

  async function uploads(): Promise<string[]> {
    const file = join(work.path, 'footage.mov');
    await writeBig(file, size);
    await buildPages(pages);
    await using plain = await startPlain(join(work.path, 'plain'), pages);
    const rows: string[][] = [];
    for (const name of browsers) {
      const ours: OurTime[] = [];
      const theirs: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        // Each begins with a disk that has nothing left to write from the turn before.
        await run('sync', []);
        theirs.push(await plain.send(name, file));
        await run('sync', []);
        // A drop of its own for each turn, so that the disk is as full for one as for the other.
        await using drop = await startDrop();
        ours.push(await sendOurs(name, drop, file));
        say(`${name} ${round}: plain ${seconds(theirs.at(-1)!)}, Postern ${seconds(ours.at(-1)!.all)}`);
      }
      const all = median(ours.map((each) => each.all));
      const prepared = median(ours.map((each) => each.preparing));
      const plainMs = median(theirs);
      const ratio = (plainMs / all).toFixed(2);
      rows.push([name, rate(size, plainMs), rate(size, all), seconds(prepared), ratio]);
    }
    return [
      `### A file of ${bytesInWords(size)} from the browser to the server's disk`,
      '',
      'Plain: `tus-js-client` 4.3.1 to `@tus/server` 2.4.5 with `@tus/file-store` 2.1.1, unencrypted, never synced to the disk.',
      'Postern: from “Send now” to the verified receipt: keys derived, file read, hashed, encrypted, sent, each part durable.',
      rounds === 1 ? 'One round.' : `Medians of ${rounds} rounds.`,
      '',
      table(['browser', 'plain', 'Postern', 'of that before the first byte', 'ratio'], rows),
    ];
  }

  async function guesses(): Promise<string[]> {
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const { guesses, each, found } = await measureGuesses(20_000, () => performance.now(), random);
    if (!found) throw new Error('the true codename was not recognised');
    const days = (each * 1_000_000) / 86_400_000;
    return [
      '### Guessing a codename, with the database in hand',
      '',
      'Candidates that differ from the true codename in one word; each is stretched, made into a mailbox key and looked up. OpenSSL through WebCrypto, one core.',
      '',
      table(
        ['what', 'figure'],
        [
          ['guesses made', String(guesses)],
          ['one guess', seconds(each)],
          ['one million guesses', `${days.toFixed(1)} days of one core`],
        ],
      ),
    ];
  }

  async function ledger(): Promise<string[]> {
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const { bytes, ...times } = await measureLedger(100_000, nobleProvider, random, () => performance.now());
    return [
      '### The ledger of 100,000 files',
      '',
      `Keys by WebCrypto, entries by noble, as in a browser without WebAssembly; here in Node. It has ${bytesInWords(bytes)}.`,
      '',
      table(
        ['what', 'time'],
        [
          ['tags and keys of all files', seconds(times.keys)],
          ['the head made', seconds(times.seal)],
          ['the head opened', seconds(times.open)],
          ['all entries opened', seconds(times.entries)],
          ['the keys of 16 files recovered', seconds(times.recover)],
        ],
      ),
    ];
  }

  async function ciphers(): Promise<string[]> {
    const rows: string[][] = [];
    const add = (where: string, figures: readonly CipherFigures[]) => {
      for (const { provider, encrypt, decrypt } of figures)
        rows.push([`${provider}, ${where}`, rate(encrypt, 1), rate(decrypt, 1)]);
    };
    for (const provider of [nodeCipher, await loadLibsodium(), nobleProvider]) {
      add('Node', [await measureCipher(provider, 2000, () => performance.now())]);
    }
    await buildPages(pages);
    await using plain = await startPlain(join(work.path, 'plain'), pages);
    for (const name of browsers) {
      await using browser = await startBrowser(name);
      await browser.page.goto(plain.address);
      await browser.page.evaluate(
        `void (new Worker('/ciphers-page.js', { type: 'module' }).onmessage = ({ data }) => { globalThis.figures = data; })`,
      );
      add(name, await waitForFigures(browser.page.evaluate.bind(browser.page)));
    }
    return ['### The cipher: age payloads of 8 MiB, one core', '', table(['provider', 'encrypt', 'decrypt'], rows)];
  }
}

async function waitForFigures(
  evaluate: <Value>(expression: string) => Promise<Value>,
): Promise<readonly CipherFigures[]> {
  for (;;) {
    const figures = await evaluate<readonly CipherFigures[] | null>('globalThis.figures ?? null');
    if (figures !== null) return figures;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
