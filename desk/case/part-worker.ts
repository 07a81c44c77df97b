/** A thread that opens parts. It writes nothing and knows nothing of the archive inside. */
import { parentPort, workerData } from 'node:worker_threads';
import { createPartOpener } from './open-part.ts';
import type { PartAnswer, PartJob, PartWorkerData } from './part-messages.ts';

const openPart = createPartOpener((workerData as PartWorkerData).identities);
let last: Promise<void> = Promise.resolve();

parentPort!.on('message', (job: PartJob) => {
  last = last.then(async () => {
    const answer: PartAnswer = { part: job.part, verdict: await openPart(job) };
    parentPort!.postMessage(answer);
  });
});
