/** A worker that encrypts: as many as there are processors to use. It keeps nothing from one part to the next. */
import { loadCipherProvider } from '../../shared/crypto/load-cipher-provider.ts';
import { wantsBlobs } from './body.ts';
import { createSealing } from './sealing.ts';
import { systemRandom } from './system-random.ts';
import { serveCalls } from './worker-calls.ts';
import type { Border } from './worker-calls.ts';

export interface SealRequest {
  readonly plaintext: Uint8Array<ArrayBuffer>;
  readonly recipients: readonly string[];
  readonly into: Uint8Array<ArrayBuffer> | null;
}

const sealing = loadCipherProvider().then((provider) => createSealing(provider, systemRandom, wantsBlobs()));

serveCalls<SealRequest>(globalThis as unknown as Border, async ({ plaintext, recipients, into }) => {
  const seal = await sealing;
  const value = await seal(plaintext, recipients, into);
  return { value, transfer: [...value.spare, ...(value.file instanceof Blob ? [] : [value.file.buffer])] };
});
