/** The server process: settings in, three listeners up, a clean end on a signal. `receipt-key` prints the public receipt key instead. */
import './threads.ts';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { toBase64Url } from '../shared/bytes/base64.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { serve, STOP_MS } from './serve.ts';
import { loadReceiptKey } from './store/receipt-key.ts';

/** The exit code of a server that ended before all that had arrived was safe; what it had acknowledged is. */
const CUT_SHORT = 3;

const [command, ...rest] = process.argv.slice(2);
if (rest.length > 0 || (command !== undefined && command !== 'receipt-key')) {
  console.error('usage: main.ts [receipt-key]');
  process.exit(2);
}

try {
  const projectFolder = join(import.meta.dirname, '..');
  const config = readConfig(process.env, projectFolder);
  const random = (length: number): Uint8Array => randomBytes(length);
  if (command === 'receipt-key') {
    console.log(toBase64Url((await loadReceiptKey(config.data, random)).publicKey));
  } else {
    const ending = new AbortController();
    const ended = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // Who asks twice means at once.
        if (ending.signal.aborted) process.exit(CUT_SHORT);
        ending.abort();
        setTimeout(() => process.exit(CUT_SHORT), STOP_MS).unref();
      });
    }
    const log = createLog((text) => process.stdout.write(text));
    const server = await serve({
      config,
      projectFolder,
      random,
      log,
      now: () => new Date(),
      clock: () => performance.now(),
      say: (sentence) => console.log(sentence),
      ending: ending.signal,
    });
    await ended;
    process.exit((await server.stop()) ? 0 : CUT_SHORT);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
