/** Starts our two kinds of workers, and makes them look like the plain work that they do. */
import { hasWebAssembly } from '../../shared/crypto/web-assembly.ts';
// oxlint-disable import/default -- the default is made by the build
import hashWorkerAddress from './hash-worker.ts?worker&url';
import sealWorkerAddress from './seal-worker.ts?worker&url';
// oxlint-enable import/default
import type { HashRequest } from './hash-worker.ts';
import type { Hashed, Hashing } from './hashing.ts';
import type { SealRequest } from './seal-worker.ts';
import type { Sealed, Sealing } from './sealing.ts';
import { trustedScript } from './trusted-script.ts';
import { createCalls } from './worker-calls.ts';
import type { Calls } from './worker-calls.ts';

/**
 * Sealing is about as much work as hashing, which one worker does: a second one pays only where processors are left over, or where
 * both are so slow that memory does not matter (no WebAssembly) and WebCrypto hashes all but the largest files.
 */
const CORES_FOR_TWO_SEALERS = 4;

export interface Crew {
  readonly hashing: Hashing;
  /** Each does one part at a time. */
  readonly sealings: readonly Sealing[];
  /** Ends all workers; what they were asked for ends in a Problem `internal`. */
  end(): void;
}

/** Starts the workers. */
export function startCrew(): Crew {
  const sealers = hasWebAssembly() && navigator.hardwareConcurrency < CORES_FOR_TWO_SEALERS ? 1 : 2;
  const workers: { worker: Worker; calls: Calls }[] = [];
  const start = (address: string): Calls => {
    const worker = new Worker(trustedScript(address) as string, { type: 'module' });
    const calls = createCalls(worker);
    worker.addEventListener('error', calls.fail);
    worker.addEventListener('messageerror', calls.fail);
    workers.push({ worker, calls });
    return calls;
  };
  return {
    hashing: hashingBy(start(hashWorkerAddress)),
    sealings: Array.from({ length: sealers }, () => sealingBy(start(sealWorkerAddress))),
    end() {
      for (const { worker, calls } of workers) {
        worker.terminate();
        calls.fail();
      }
    },
  };
}

function hashingBy({ call }: Calls): Hashing {
  return (bytes, spans, from) => {
    const request: HashRequest = { bytes, spans, from };
    return call<Hashed>(request, [bytes.buffer]);
  };
}

function sealingBy({ call }: Calls): Sealing {
  return (plaintext, recipients, into) => {
    const request: SealRequest = { plaintext, recipients, into };
    return call<Sealed>(request, into === null ? [plaintext.buffer] : [plaintext.buffer, into.buffer]);
  };
}
