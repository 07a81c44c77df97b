/** The child's line to the parent: questions with numbers, answers in any order. */
import { readQuestion } from './messages.ts';
import type { Answer, Answers, Ask, StartMessage } from './messages.ts';
import { refuse, Refused } from './refusal.ts';

/** What the parent refuses, the page is told with this status. */
const REFUSED_STATUS = 409;

export interface ParentLink {
  ask<K extends Ask['kind']>(ask: Extract<Ask, { kind: K }>): Promise<Answers[K]>;
}

/** What of the process the line needs. */
export interface Channel {
  send(message: unknown): void;
  onMessage(take: (message: unknown) => void): void;
}

/** The line, and the first message of the parent. */
export function linkToParent(channel: Channel): { link: ParentLink; started: Promise<StartMessage> } {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const { promise: started, resolve: start } = Promise.withResolvers<StartMessage>();
  let last = 0;

  channel.onMessage((message) => {
    // The parent is this program with the keys: what it says is believed.
    const said = message as StartMessage | Answer;
    if (said.kind === 'start') {
      start(said);
      return;
    }
    const asked = waiting.get(said.id);
    waiting.delete(said.id);
    if ('refused' in said) asked?.reject(new Refused(REFUSED_STATUS, said.refused));
    else asked?.resolve(said.value);
  });

  return {
    started,
    link: {
      ask: <K extends Ask['kind']>(ask: Extract<Ask, { kind: K }>) =>
        new Promise<Answers[K]>((resolve, reject) => {
          const id = ++last;
          // What a page made up is refused here: the parent would take it for the word of a process that is not ours any more.
          if (readQuestion({ id, ask }) === null) {
            reject(refuse('body-form'));
            return;
          }
          waiting.set(id, { resolve: (value) => resolve(value as Answers[K]), reject });
          channel.send({ id, ask });
        }),
    },
  };
}
