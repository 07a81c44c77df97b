/** How long a message is: the limit is in bytes, since that is what a parcel counts. */
import { MAX_MESSAGE_BYTES } from '../../shared/protocol/limits.ts';

const encoder = new TextEncoder();

/** Bytes of UTF-8. */
export function messageBytes(message: string): number {
  return encoder.encode(message).length;
}

/** True when the message may be sent as it is. */
export function fitsLimit(message: string): boolean {
  // Three bytes are the most that one UTF-16 unit takes: short texts need no encoding at each key.
  return message.length * 3 <= MAX_MESSAGE_BYTES || messageBytes(message) <= MAX_MESSAGE_BYTES;
}
