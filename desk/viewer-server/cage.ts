/**
 * What Node's sandbox still leaves to a process that serves, taken away before it reads anything that a source sent: signals to other processes,
 * among them the one that opens a debugger in them, and switches of V8, some of which write files. It holds against scripts, not against machine code.
 */
import { syncBuiltinESMExports } from 'node:module';
import v8 from 'node:v8';
import { refuseConnections } from '../loopback.ts';

const OF_PROCESS = ['kill', '_kill', '_debugProcess'] as const;

/** For good: nothing in this process can undo it. */
export function closeCage(): void {
  for (const name of OF_PROCESS) takeAway(process, name);
  takeAway(v8, 'setFlagsFromString');
  refuseConnections();
  syncBuiltinESMExports();
}

function takeAway(from: object, name: string): void {
  Object.defineProperty(from, name, { value: undefined, writable: false, configurable: false });
}
