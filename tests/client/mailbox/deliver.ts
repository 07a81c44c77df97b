/** Brings a written reply to a real server, as a courier does. Not a test. */
import { toBase64 } from '../../../shared/bytes/base64.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { deliverReply, signInAt } from '../../kit/reply-sender.ts';
import type { TestServer } from '../../kit/test-server.ts';
import type { WrittenReply } from '../../kit/write-reply.ts';

/** Opens, sends and seals it; gives the receipt. */
export async function deliver(server: TestServer, { opening, envelope, parts }: WrittenReply): Promise<string> {
  const session = await signInAt(server.staffUrl, server.organisation.courier);
  const sender = {
    parcel: opening.parcel,
    parts: parts.length,
    opening: () => Promise.resolve(envelope.opening),
    creation: (part: number, bytes: Uint8Array) =>
      Promise.resolve({
        'tus-resumable': '1.0.0',
        'upload-length': String(bytes.length),
        'upload-metadata': `statement ${toBase64(utf8Encode(envelope.parts[part]!))}`,
      }),
    seal: () => Promise.resolve(envelope.seal!),
  };
  return deliverReply(server.staffUrl, session, sender, parts);
}
