/** From words to keys: fixed by vectors, checked against node:crypto and age-encryption, different wherever it must be. */
import { createPrivateKey, createPublicKey, hkdfSync, pbkdf2Sync } from 'node:crypto';
import { identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { decryptFile, encryptFile } from '../../../shared/age/file.ts';
import { hybridIdentityFromSeed } from '../../../shared/age/identity.ts';
import { fromHex, toHex } from '../../../shared/bytes/hex.ts';
import { deriveCodename } from '../../../shared/codename/derive.ts';
import { verifyEd25519 } from '../../../shared/crypto/ed25519.ts';
import { nobleProvider } from '../../../shared/crypto/noble-provider.ts';
import vectors from '../../vectors/codename.json' with { type: 'json' };
import { random } from '../../kit/random-bytes.ts';

const words = ['unearned', 'rocklike', 'attendant', 'felt-tip', 'polygon', 'delete', 'yo-yo'];
const rootKey = new Uint8Array(32).fill(1);

/** The derivation of docs/protocol.md once more, by node:crypto. */
function deriveByNode(text: string, root: Uint8Array, rounds: number) {
  const salt = Buffer.concat([Buffer.from('postern/codename/v1'), root]);
  const secret = pbkdf2Sync(text, salt, rounds, 64, 'sha512');
  const part = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `postern/codename/v1/${purpose}`, 32));
  const pkcs8 = Buffer.concat([fromHex('302e020100300506032b657004220420'), part('mailbox')]);
  const mailbox = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  return {
    mailbox: mailbox.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'),
    replySeed: part('reply'),
    ledgerKey: toHex(part('ledger')),
  };
}

describe.each(vectors.vectors)('vector: $name', (vector) => {
  const { words: text, rounds } = vector;
  const root = fromHex(vector.rootKey);

  test('is what we derive', async () => {
    const keys = await deriveCodename({ words: text.split(' '), rootKey: root, rounds });
    expect({
      mailbox: toHex(keys.mailbox.publicKey),
      replyIdentity: keys.replyIdentity,
      replyRecipient: keys.replyRecipient,
      ledgerKey: toHex(keys.ledgerKey),
    }).toEqual({
      mailbox: vector.mailbox,
      replyIdentity: vector.replyIdentity,
      replyRecipient: vector.replyRecipient,
      ledgerKey: vector.ledgerKey,
    });
  });

  test('is what node:crypto derives', async () => {
    const { mailbox, replySeed, ledgerKey } = deriveByNode(text, root, rounds);
    expect({ mailbox, ledgerKey }).toEqual({ mailbox: vector.mailbox, ledgerKey: vector.ledgerKey });
    expect(hybridIdentityFromSeed(replySeed)).toBe(vector.replyIdentity);
    expect(await identityToRecipient(vector.replyIdentity)).toBe(vector.replyRecipient);
  });
});

test('the full number of rounds is the one that is used when none is given', async () => {
  const full = vectors.vectors.find(({ rounds }) => rounds === 2 ** 20)!;
  const keys = await deriveCodename({ words: full.words.split(' '), rootKey: fromHex(full.rootKey) });
  expect(toHex(keys.mailbox.publicKey)).toBe(full.mailbox);
});

test('other words, another order, another organisation, other rounds: nothing in common', async () => {
  const all = await Promise.all([
    deriveCodename({ words, rootKey, rounds: 2 }),
    deriveCodename({ words: [...words].reverse(), rootKey, rounds: 2 }),
    deriveCodename({ words: words.with(0, 'unearth'), rootKey, rounds: 2 }),
    deriveCodename({ words, rootKey: new Uint8Array(32).fill(2), rounds: 2 }),
    deriveCodename({ words, rootKey, rounds: 3 }),
  ]);
  const secrets = all.flatMap((keys) => [
    toHex(keys.mailbox.publicKey),
    keys.replyIdentity,
    keys.replyRecipient,
    toHex(keys.ledgerKey),
  ]);
  expect(new Set(secrets).size).toBe(secrets.length);
});

test('the mailbox signs, and the reply identity opens what was sent to its recipient', async () => {
  const keys = await deriveCodename({ words, rootKey, rounds: 2 });
  const message = random(100);
  expect(await verifyEd25519(keys.mailbox.publicKey, message, await keys.mailbox.sign(message))).toBe(true);
  const recipients = [keys.replyRecipient];
  const file = await encryptFile({ plaintext: message, recipients, provider: nobleProvider, random });
  expect(await decryptFile({ file, identities: [keys.replyIdentity], provider: nobleProvider })).toEqual(message);
});

test.each([
  ['capitals', words.with(0, 'Unearned')],
  ['spaces', words.with(0, 'unearned ')],
  ['six words', words.slice(1)],
  ['eight words', [...words, 'zoom']],
  ['none', []],
])('words not in their normal form (%s) are refused: they would be other keys', async (_name, list) => {
  await expect(deriveCodename({ words: list, rootKey, rounds: 1 })).rejects.toMatchObject({ code: 'codename-invalid' });
});

test('a root key of the wrong length is refused', async () => {
  await expect(deriveCodename({ words, rootKey: new Uint8Array(31), rounds: 1 })).rejects.toMatchObject({
    code: 'internal',
  });
});
