/** Questions to the person at the terminal: on stderr, answered on stdin, by hand or by a script that pipes its answers in line by line. */
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Ask } from '../commands/command.ts';

/** Answers longer than this are cut off: a person types lines, and a pipe may hold anything. */
const LONGEST = 4096;

/** Asks on `output`, reads from `input`. What is typed hidden is not echoed when `input` is a terminal; Ctrl-C and Ctrl-D are no answer. */
export function terminalAsk(input: NodeJS.ReadStream, output: NodeJS.WriteStream): { ask: Ask; close: () => void } {
  let lines: Interface | null = null;
  let echo = true;
  const waiting: ((line: string | null) => void)[] = [];
  const ready: string[] = [];
  let ended = false;
  const finish = () => {
    ended = true;
    for (const answer of waiting.splice(0)) answer(null);
  };
  const shown = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      if (echo) output.write(chunk);
      done();
    },
  });
  const open = (): Interface => {
    const terminal = input.isTTY === true;
    const made = createInterface({ input, output: shown, terminal, historySize: 0 });
    made.on('line', (line) => {
      const cut = line.slice(0, LONGEST);
      const answer = waiting.shift();
      if (answer) answer(cut);
      else ready.push(cut);
    });
    made.on('close', finish);
    made.on('SIGINT', () => {
      made.close();
    });
    return made;
  };
  return {
    ask: async (question, how) => {
      if (ended && ready.length === 0) return null;
      lines ??= open();
      output.write(question);
      echo = how === 'shown';
      const answer = await new Promise<string | null>((resolve) => {
        const early = ready.shift();
        if (early !== undefined) resolve(early);
        else if (ended) resolve(null);
        else waiting.push(resolve);
      });
      echo = true;
      if (how === 'hidden' || input.isTTY !== true || answer === null) output.write('\n');
      return answer;
    },
    close: () => lines?.close(),
  };
}
