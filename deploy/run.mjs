/** `node deploy/run.mjs FILE ARGS…`: sets up what is missing, then becomes FILE under the pinned Node; prints nothing itself. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { bootstrapOrExit } from './bootstrap.mjs';
import { TYPED_IN, pinnedNode, programArguments } from './project.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node deploy/run.mjs FILE ARGS…');
  process.exit(2);
}
bootstrapOrExit();
if (file === 'desk/main.ts' && args[0] === 'open') {
  // Only here: it needs what is installed.
  const { buildViewer } = await import('./viewer.mjs');
  buildViewer();
}

const child = spawn(pinnedNode(), [...programArguments(file), ...args], { cwd: TYPED_IN, stdio: 'inherit' });
child.on('error', (error) => {
  console.error(`Postern cannot start ${file}: ${error.message}`);
  process.exit(3);
});

// It would open Node's debugger, a way to all that the one who runs this may read.
process.on('SIGUSR1', () => undefined);

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const signal of SIGNALS) {
  process.on(signal, () => {
    // Ctrl-C on a terminal reaches the child by itself; twice would read as "at once".
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}

child.on('exit', (code, signal) => {
  process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0));
});
