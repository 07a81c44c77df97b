/** Replies brought to the server of a drop by its own keys, without the programs: many at once, and some that no desk would write. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readKeyFile } from '../../courier/key-file.ts';
import { parseSeed } from '../../desk/keys/key-texts.ts';
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { Drop } from './drop.ts';
import { deliverReply, senderOf, signInAt } from './reply-sender.ts';
import { writeReply } from './write-reply.ts';
import type { ReplyText } from './write-reply.ts';

export interface ReplyDesk {
  /** Writes a reply to the source with these keys and brings it to the server. */
  deliver(source: CodenameKeys, text: ReplyText): Promise<void>;
}

/** Signs in as the drop's courier. */
export async function startReplyDesk(drop: Drop): Promise<ReplyDesk> {
  const session = await signInAt(drop.staff, await readKeyFile(drop.courierKey));
  const seed = parseSeed('postern-reply-key', await readFile(join(drop.keys, 'reply.key'), 'utf8'));
  const replyKey = await ed25519FromSeed(seed);
  return {
    async deliver({ mailbox, replyRecipient }, text) {
      const source = { mailbox: mailbox.publicKey, replyRecipient };
      const reply = await writeReply(replyKey, source, text);
      await deliverReply(drop.staff, session, senderOf(reply), reply.parts);
    },
  };
}
