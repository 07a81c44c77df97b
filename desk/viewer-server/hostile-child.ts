/** The parent's end of the line to the child, which is taken for hostile: a message that is not of the closed set ends it at once. */
import type { ChildProcess } from 'node:child_process';
import { Failure } from '../failure.ts';
import { readQuestion } from './messages.ts';
import type { Answer, Answers, Ask, StartMessage } from './messages.ts';
import { refusalOf } from './refusal.ts';

/** Questions that may wait for their answers; a browser with all its connections does not come near this. */
const MOST_WAITING = 512;

/** How each question is answered. */
export type Handlers = {
  readonly [K in Ask['kind']]: (ask: Extract<Ask, { kind: K }>) => Promise<Answers[K]>;
};

/** Why the child is no more. `hostile`: it said what no child of ours says. */
export type ChildEnd = 'asked-to' | 'died' | 'hostile';

/** Starts the conversation. `ended` is fulfilled when the child is gone. */
export function talkTo(
  child: ChildProcess,
  message: StartMessage,
  handlers: Handlers,
): { readonly ended: Promise<ChildEnd>; end(): void } {
  const { promise: ended, resolve } = Promise.withResolvers<ChildEnd>();
  let end: ChildEnd = 'died';
  let waiting = 0;

  function stop(why: ChildEnd): void {
    end = why;
    child.kill('SIGKILL');
  }
  function send(value: Answer | StartMessage): void {
    // One that is gone needs no answer.
    if (child.connected) child.send(value, () => undefined);
  }
  async function take(question: unknown, handle: unknown): Promise<void> {
    const read = handle === undefined ? readQuestion(question) : null;
    if (read === null || waiting >= MOST_WAITING) {
      stop('hostile');
      return;
    }
    const { id, ask } = read;
    waiting++;
    try {
      send({ kind: 'answer', id, value: await handlers[ask.kind](ask as never) });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      send({ kind: 'answer', id, refused: refusalOf(error) });
    } finally {
      waiting--;
    }
  }

  child.on('message', (question, handle) => void take(question, handle));
  child.on('error', () => stop('died'));
  child.on('exit', () => resolve(end));
  send(message);
  return { ended, end: () => stop('asked-to') };
}
