/** A thread that hashes files of a written bag, one after the other. */
import { parentPort } from 'node:worker_threads';
import { systemCode } from '../failure.ts';
import type { HashAnswer, HashJob } from './file-hash-messages.ts';
import { hashesOf, isFile } from './file-hashes.ts';

const say = (answer: HashAnswer): void => parentPort!.postMessage(answer);

async function hash({ path, names }: HashJob): Promise<HashAnswer> {
  try {
    if (!(await isFile(path))) return { kind: 'hashes', hashes: null };
    return { kind: 'hashes', hashes: await hashesOf(path, names, (bytes) => say({ kind: 'seen', bytes })) };
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    return { kind: 'failed', code };
  }
}

parentPort!.on('message', (job: HashJob) => void hash(job).then(say));
