/** Starts the worker that opens replies. */
// oxlint-disable-next-line import/default -- the default is made by the build
import openWorkerAddress from './open-worker.ts?worker&url';
import { trustedScript } from '../upload/trusted-script.ts';
import type { OpenWorker } from './opener.ts';

export function startOpenWorker(): OpenWorker {
  return new Worker(trustedScript(openWorkerAddress) as string, { type: 'module' });
}
