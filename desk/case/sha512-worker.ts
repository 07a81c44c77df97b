/** A thread that hashes files one after the other with SHA-512: stretches come in order and are acknowledged by null, `end` is answered with the hash. */
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** `end`: the file has come whole. `drop`: it has not, and the next one begins. */
export type HashMessage = Uint8Array | 'end' | 'drop';

let hash = createHash('sha512');

parentPort!.on('message', (message: HashMessage) => {
  if (message instanceof Uint8Array) {
    hash.update(message);
    parentPort!.postMessage(null);
    return;
  }
  if (message === 'end') parentPort!.postMessage(hash.digest('hex'));
  hash = createHash('sha512');
});
