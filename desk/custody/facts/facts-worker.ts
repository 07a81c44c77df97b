/** The thread that reads facts out of files that strangers made: it may crash or hang, and the report goes on without it. */
import { parentPort } from 'node:worker_threads';
import type { FromThread, ToThread } from './facts-messages.ts';
import { readFacts } from './read-facts.ts';
import { Unreadable } from './source.ts';

const port = parentPort!;
let waiting: ((bytes: Uint8Array | null) => void) | null = null;

port.on('message', (message: ToThread) => {
  if (message.kind === 'bytes') waiting?.(message.bytes);
  else void answer(message.size);
});

async function answer(size: number): Promise<void> {
  send({ kind: 'facts', facts: await readFacts({ size, read }) });
}

async function read(from: number, to: number): Promise<Uint8Array> {
  const bytes = await new Promise<Uint8Array | null>((resolve) => {
    waiting = resolve;
    send({ kind: 'read', from, to });
  });
  if (bytes === null) throw new Unreadable('the file could not be read');
  return bytes;
}

function send(message: FromThread): void {
  port.postMessage(message);
}
