/** Keeps the server process alive: starts it, starts it again after a crash or a kill, and ends it cleanly. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inWords } from './log-words.mjs';
import { ROOT, pinnedNode, programArguments } from './project.mjs';

const FIRST_DELAY = 200;
const LONGEST_DELAY = 5_000;
/** After this long without trouble the next crash counts as the first. */
const CALM = 30_000;
/** A server ends within ten seconds of being asked to; one that has not is ended. */
const PATIENCE = 15_000;

/**
 * @param {{ environment: Record<string, string>, onStart: (pid: number) => void, onReady: (ready: { source: string, staff: string, first: boolean }) => void }} input
 *   `onReady` is called each time the server says that it listens
 * @returns {{ ended: Promise<number>, stop: () => void }} `ended`: the exit code, once the server has stopped for good
 */
export function supervise({ environment, onStart, onReady }) {
  /** @type {import('node:child_process').ChildProcess | null} */
  let child = null;
  let stopping = false;
  let wasReady = false;
  let delay = FIRST_DELAY;
  /** @type {(code: number) => void} */
  let finish = () => {};
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => (finish = resolve));

  function start() {
    if (stopping) return finish(0);
    const startedAt = Date.now();
    // A process group of its own: Ctrl-C reaches only us, and we ask the server once.
    const server = spawn(pinnedNode(), programArguments('server/main.ts'), {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    child = server;
    if (server.pid !== undefined) onStart(server.pid);
    createInterface({ input: server.stdout }).on('line', (line) => {
      const [, source, staff] = /^postern source (\S+) staff (\S+) ops \S+$/.exec(line) ?? [];
      if (source !== undefined && staff !== undefined) {
        onReady({ source, staff, first: !wasReady });
        wasReady = true;
      } else {
        const words = inWords(line);
        if (words !== null) console.log(words);
      }
    });
    server.on('error', (error) => console.error(`The server cannot be started: ${error.message}`));
    server.on('close', (code, signal) => {
      child = null;
      if (stopping) return finish(code ?? 1);
      // One that ends by itself before it ever listened has said why; starting it again would only repeat that.
      if (!wasReady && signal === null) return finish(code ?? 1);
      if (Date.now() - startedAt > CALM) delay = FIRST_DELAY;
      console.error(`The server ended (${signal ?? `code ${code}`}); starting it again in ${delay} ms.`);
      setTimeout(start, delay);
      delay = Math.min(delay * 2, LONGEST_DELAY);
    });
  }

  function stop() {
    // Asked twice: so is the server, which then ends at once.
    if (stopping) return void child?.kill('SIGTERM');
    stopping = true;
    const server = child;
    if (server === null) return finish(0);
    server.kill('SIGTERM');
    setTimeout(() => server.kill('SIGKILL'), PATIENCE).unref();
  }

  start();
  return { ended, stop };
}
