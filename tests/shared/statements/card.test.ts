/** The key card: only the pinned root key's word counts, on the days it names. */
import { beforeAll, expect, test } from 'vitest';
import { ed25519FromSeed } from '../../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../../shared/crypto/ed25519.ts';
import { openCard, recipientsOn, signCard } from '../../../shared/statements/card.ts';
import type { Card } from '../../../shared/statements/card.ts';

let root: SigningKey;
let stranger: SigningKey;
let card: Card;
const recipient = (letter: string) => `age1pq1${letter.repeat(60)}`;
beforeAll(async () => {
  root = await ed25519FromSeed(new Uint8Array(32).fill(3));
  stranger = await ed25519FromSeed(new Uint8Array(32).fill(4));
  card = {
    organisation: 'Komitet — Комитет',
    rootKey: root.publicKey,
    serial: 2,
    issued: '2026-01-01',
    replaces: 'c'.repeat(64),
    demo: true,
    replyKey: new Uint8Array(32).fill(5),
    receiptKey: new Uint8Array(32).fill(6),
    recipients: [
      { from: '2026-01-01', until: '2026-06-30', recipient: recipient('q') },
      { from: '2026-06-01', until: '2026-12-31', recipient: recipient('p') },
    ],
  };
});

test('a card comes back as it was signed, with and without a predecessor', async () => {
  expect(await openCard(await signCard(card, root), root.publicKey)).toEqual(card);
  const first = { ...card, serial: 1, replaces: null, demo: false };
  expect(await openCard(await signCard(first, root), root.publicKey)).toEqual(first);
});

test('a card of another root, or altered, is untrusted', async () => {
  const note = await signCard(card, root);
  await expect(openCard(note, stranger.publicKey)).rejects.toMatchObject({ code: 'card-untrusted' });
  await expect(openCard(note.replace('serial 2', 'serial 9'), root.publicKey)).rejects.toMatchObject({
    code: 'card-untrusted',
  });
  await expect(signCard(card, stranger)).rejects.toMatchObject({ code: 'card-untrusted' });
});

test('on each day exactly the recipients whose dates hold it are used; outside of all, the card has expired', () => {
  expect(recipientsOn(card, '2026-01-01')).toEqual([recipient('q')]);
  expect(recipientsOn(card, '2026-06-30')).toEqual([recipient('q'), recipient('p')]);
  expect(recipientsOn(card, '2026-12-31')).toEqual([recipient('p')]);
  for (const day of ['2025-12-31', '2027-01-01', '1970-01-01', '2099-01-01'])
    expect(() => recipientsOn(card, day)).toThrow(expect.objectContaining({ code: 'card-expired' }));
});

test('cards that no client could use are never signed', async () => {
  const bad: Partial<Card>[] = [
    { recipients: [] },
    { serial: 0 },
    { organisation: 'x'.repeat(121) },
    { organisation: 'two\nlines' },
    { organisation: ' padded ' },
    { issued: '2026-02-30' },
    { recipients: [{ from: '2026-02-01', until: '2026-01-01', recipient: recipient('q') }] },
    {
      recipients: [...card.recipients, { from: '2026-01-01', until: '2026-02-01', recipient: `age1${'z'.repeat(58)}` }],
    },
    { recipients: Array.from({ length: 17 }, () => card.recipients[0]!) },
  ];
  for (const change of bad)
    await expect(signCard({ ...card, ...change }, root)).rejects.toMatchObject({ code: 'note-invalid' });
});
