/** A thread that hashes parts, one after the other. */
import { parentPort } from 'node:worker_threads';
import { hashPart } from './hash-part.ts';
import type { StatedPart } from './hash-part.ts';
import type { HashAnswer } from './hash-pool.ts';

parentPort!.on('message', (stated: StatedPart) => {
  const answer: HashAnswer = { part: stated.part, verdict: hashPart(stated) };
  parentPort!.postMessage(answer);
});
