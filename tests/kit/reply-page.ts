/** A page of a few lines over the client's mailbox, for browsers: `globalThis.reply` opens the first reply of a codename and reads its files. */
import { openCard } from '../../shared/statements/card.ts';
import { deriveCodename } from '../../shared/codename/derive.ts';
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { loadStreamingSha256 } from '../../shared/crypto/load-streaming-sha256.ts';
import { startMailboxSession } from '../../client/mailbox/mailbox-session.ts';
import type { MailboxSession } from '../../client/mailbox/mailbox-session.ts';
import type { OpenedReply } from '../../client/mailbox/reply.ts';

let session: MailboxSession;
let opened: OpenedReply;
let blob: Blob;
let longest = 0;

/** How long the page stood still at a time, at most, in milliseconds. */
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
}, 10);

async function timed(work: () => Promise<unknown>): Promise<{ ms: number; standstill: number }> {
  longest = 0;
  last = performance.now();
  const started = performance.now();
  await work();
  return { ms: Math.round(performance.now() - started), standstill: Math.round(longest) };
}

const page = {
  async begin(words: readonly string[], rootKey: string): Promise<null> {
    const root = fromBase64Url(rootKey, 32);
    const card = await openCard(await (await fetch('/api/card')).text(), root);
    const keys = await deriveCodename({ words, rootKey: root, rounds: 10 });
    session = startMailboxSession({ keys, card, onTrouble: () => undefined, onWork: () => undefined });
    return null;
  },
  open: () =>
    timed(async () => {
      const { replies } = await session.mailbox.look();
      opened = await session.openReply(replies[0]!);
    }),
  message: () => opened.message,
  files: () => opened.files,
  read: (index: number) =>
    timed(async () => {
      blob = await opened.readFile(opened.files[index]!);
    }),
  /** SHA-256 of what was read last. */
  async hash(): Promise<string> {
    const hash = (await loadStreamingSha256())();
    for (let at = 0; at < blob.size; at += 1_048_576)
      hash.update(new Uint8Array(await blob.slice(at, at + 1_048_576).arrayBuffer()));
    return toHex(hash.digest());
  },
};

Object.assign(globalThis, { reply: page });
