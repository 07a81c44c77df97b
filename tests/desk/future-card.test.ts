/** A card from the future: the desk cannot know whose clock is wrong, so it says what it sees, and goes on reading. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCaseLog } from '../../desk/custody/case-log.ts';
import { readKeyFolder } from '../../desk/keys/key-folder.ts';
import { signCard } from '../../shared/statements/card.ts';
import type { Card } from '../../shared/statements/card.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import type { Drop } from '../kit/make-parcel.ts';
import { PARCEL } from '../kit/parcel-stream.ts';
import { random } from '../kit/random-bytes.ts';
import { desk, scratch } from './desk.ts';
import { makeSource, send } from './source.ts';

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
let card: Card;
beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder);
  const keys = await readKeyFolder(drop.keys);
  await send(drop, await makeSource(), { parcel: PARCEL });
  card = {
    organisation: keys.organisation.name,
    rootKey: keys.root.publicKey,
    serial: 2,
    replaces: keys.cards[0]!.sha256,
    demo: false,
    replyKey: keys.reply.publicKey,
    recipients: keys.identities.map(({ until, recipient }) => ({ from: '2026-11-24', until, recipient })),
    issued: '2026-11-24',
    receiptKey: drop.receiptKey.publicKey,
  };
});
afterAll(() => base.remove());

async function install(change: Partial<Card>): Promise<void> {
  const { root } = await readKeyFolder(drop.keys);
  await writeFile(join(drop.bundle, 'card.note'), await signCard({ ...card, ...change }, root));
}

/** The warnings that each command gives about the bundle, which it reads all the same. */
async function warningsOf(commands: readonly string[]): Promise<Set<string>> {
  const said = new Set<string>();
  for (const command of commands) {
    const { exit, stderr, warnings } = await desk([command, drop.bundle, '--keys', drop.keys, '--parcel', PARCEL]);
    expect({ exit, stderr }).toStrictEqual({ exit: 0, stderr: '' });
    said.add(warnings.join('\n'));
  }
  return said;
}

test('a card of today raises no doubt', async () => {
  await install({});
  expect([...(await warningsOf(['list', 'verify']))]).toStrictEqual(['']);
});

test('a card issued later than today, or for later days alone, is read with a doubt about the clock', async () => {
  await install({ issued: '2027-02-01' });
  expect([...(await warningsOf(['list', 'verify']))]).toStrictEqual([
    "This machine's clock shows 2026-11-24, and the key card was issued on 2027-02-01 already: the clock is slow, or was when the card was made.",
  ]);
  await install({ recipients: card.recipients.map((each) => ({ ...each, from: '2027-02-01' })) });
  expect([...(await warningsOf(['list', 'verify']))]).toStrictEqual([
    "This machine's clock shows 2026-11-24, and the key card names nobody to encrypt to before 2027-02-01: the clock is slow, or the card was made ahead.",
  ]);
});

test('a reply is written, with the same doubt, which stands in the log of the case', async () => {
  await install({ issued: '2027-02-01' });
  const message = join(base.folder, 'message.txt');
  await writeFile(message, 'Thank you.\n');
  const args = ['reply', drop.bundle, '--keys', drop.keys, '--to', PARCEL, '--message', message];
  const { exit, warnings } = await desk(args);
  expect(exit).toBe(0);
  expect(warnings.join()).toContain('issued on 2027-02-01 already');
  expect(await readdir(join(drop.bundle, 'outbox'))).toHaveLength(1);
  const keys = await readKeyFolder(drop.keys);
  const cases = join(drop.keys, 'cases');
  const input = { cases, parcel: PARCEL, keys, now: () => new Date(), random, device: 'main', actor: 'staff' };
  expect((await openCaseLog(input)).events().at(-1)).toMatchObject({
    action: 'replied',
    clock: { doubt: expect.stringContaining('issued on 2027-02-01 already') },
  });
});
