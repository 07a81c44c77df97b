/** A thread that looks into parcels, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { Failure } from '../failure.ts';
import { createBeginningReader } from './beginning.ts';
import { createPartOpener } from './open-part.ts';
import { previewParcel } from './preview.ts';
import type { PreviewAnswer, PreviewWorkerData } from './preview-messages.ts';

const { folder, identities, receiptKeys, start } = workerData as PreviewWorkerData;
const readBeginning = createBeginningReader(createPartOpener(identities), start ?? undefined);
const how = { bundle: { folder }, receiptKeys, readBeginning, whole: start === null };
let last: Promise<void> = Promise.resolve();

async function look(parcel: string): Promise<PreviewAnswer> {
  try {
    const { findings, ...preview } = await previewParcel(parcel, how);
    return { parcel, preview: { ...preview, findings: { list: findings.list(), counts: findings.counts() } } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { parcel, failure: { code: error.code, values: error.values } };
  }
}

parentPort!.on('message', (parcel: string) => {
  last = last.then(async () => parentPort!.postMessage(await look(parcel)));
});
