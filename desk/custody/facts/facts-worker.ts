/** The thread that reads what files of strangers say about themselves: it may crash or hang, and the desk goes on without it. */
import { parentPort } from 'node:worker_threads';
import { findSpan } from '../../proof/span/find-span.ts';
import type { Answer, FromThread, Question, ToThread } from './facts-messages.ts';
import { readFacts } from './read-facts.ts';
import { Unreadable } from './source.ts';

const port = parentPort!;
let waiting: ((bytes: Uint8Array | null) => void) | null = null;

port.on('message', (message: ToThread) => {
  if (message.kind === 'bytes') waiting?.(message.bytes);
  else void answerTo(message).then(send);
});

async function answerTo(question: Question): Promise<Answer> {
  const file = { size: question.size, read };
  if (question.kind === 'span') return { kind: 'span', found: await findSpan(file, question.wanted) };
  return { kind: 'facts', facts: await readFacts(file) };
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
