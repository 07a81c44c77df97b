/** Brings a written reply to a real server, as a courier does. Not a test. */
import { deliverReply, senderOf, signInAt } from '../../kit/reply-sender.ts';
import type { TestServer } from '../../kit/test-server.ts';
import type { WrittenReply } from '../../kit/write-reply.ts';

/** Opens, sends and seals it; gives the receipt. */
export async function deliver(server: TestServer, reply: WrittenReply): Promise<string> {
  const session = await signInAt(server.staffUrl, server.organisation.courier);
  return deliverReply(server.staffUrl, session, senderOf(reply), reply.parts);
}
