/** Speed of the payload's cipher, one provider at a time; runs in Node and, bundled, in a browser. */
import { encryptPayload, decryptPayload } from '../shared/age/payload.ts';
import { payloadSize } from '../shared/age/payload-layout.ts';
import type { CipherProvider } from '../shared/crypto/cipher-provider.ts';

export interface CipherFigures {
  readonly provider: string;
  /** Bytes of plaintext a millisecond. */
  readonly encrypt: number;
  readonly decrypt: number;
}

const PART = 8 * 1024 * 1024;

/** Encrypts and decrypts 8 MiB payloads for about `ms` each way, after one to warm up. `now` in milliseconds. */
export async function measureCipher(provider: CipherProvider, ms: number, now: () => number): Promise<CipherFigures> {
  const [fileKey, nonce16] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
  const plaintext = new Uint8Array(PART);
  const payload = new Uint8Array(payloadSize(PART));
  const encrypt = await measure(ms, now, () => encryptPayload({ provider, fileKey, nonce16, plaintext, out: payload }));
  const decrypt = await measure(ms, now, async () => {
    await decryptPayload({ provider, fileKey, payload, out: plaintext });
  });
  return { provider: provider.name, encrypt, decrypt };
}

async function measure(ms: number, now: () => number, work: () => Promise<void>): Promise<number> {
  await work();
  const start = now();
  let bytes = 0;
  do {
    await work();
    bytes += PART;
  } while (now() - start < ms);
  return bytes / (now() - start);
}
