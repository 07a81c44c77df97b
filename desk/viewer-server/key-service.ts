/** The one thing that the identities do for the viewer: give the key of the payload behind one header, to whoever holds that part. */
import { openHeader } from '../../shared/age/header.ts';
import { PAYLOAD_NONCE_SIZE, payloadKey } from '../../shared/age/payload-layout.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import type { PartKey } from './messages.ts';

/** Tries the identities, the one that fitted last first. No identity and no file key leaves this function. */
export function createKeyService(identities: readonly string[]): (start: Uint8Array) => Promise<PartKey> {
  const order = [...identities];
  return async (start) => {
    for (const [i, identity] of order.entries()) {
      try {
        const opened = await openHeader(start, [identity]);
        if (opened === null) continue;
        if (i > 0) order.unshift(...order.splice(i, 1));
        const { fileKey, headerLength } = opened;
        const nonce = start.subarray(headerLength, headerLength + PAYLOAD_NONCE_SIZE);
        if (nonce.length < PAYLOAD_NONCE_SIZE) return { kind: 'damaged' };
        return { kind: 'key', key: await payloadKey(fileKey, nonce), headerLength };
      } catch (error) {
        if (isProblem(error, 'age-header-damaged')) return { kind: 'damaged' };
        throw error;
      }
    }
    return { kind: 'not-for-us' };
  };
}
