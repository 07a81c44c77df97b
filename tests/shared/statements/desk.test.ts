/** The desk statement: from the root key alone, anyone can tell whether a desk is one of the organisation's. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { toBase64Url } from '../../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../../shared/crypto/ed25519.ts';
import { DESK_NAME_LENGTH, openDeskStatement, signDeskStatement } from '../../../shared/statements/desk.ts';
import { openCard } from '../../../shared/statements/card.ts';
import { dayOf } from '../../../shared/statements/fields.ts';
import { signNote } from '../../../shared/statements/note.ts';

let root: SigningKey;
let other: SigningKey;
beforeAll(async () => {
  root = await ed25519FromSeed(new Uint8Array(32).fill(1));
  other = await ed25519FromSeed(new Uint8Array(32).fill(2));
});

const statement = () => ({ rootKey: root.publicKey, desk: 'main', key: other.publicKey, issued: '2026-11-24' });

test('what is signed opens as it was, whatever the name, the key and the day', async () => {
  const names = fc
    .string({ minLength: 1, maxLength: DESK_NAME_LENGTH, unit: fc.constantFrom('a', 'Z', '9', ' ', '-', 'é', '日') })
    .filter((name) => name.trim() === name);
  const days = fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }).map(dayOf);
  const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
  await fc.assert(
    fc.asyncProperty(names, keys, days, async (desk, key, issued) => {
      const written = { rootKey: root.publicKey, desk, key, issued };
      const note = await signDeskStatement(written, root);
      const opened = await openDeskStatement(note, root.publicKey);
      expect(opened).toMatchObject({ desk, issued });
      expect(toBase64Url(opened.key)).toBe(toBase64Url(key));
      expect(await signDeskStatement(opened, root)).toBe(note);
    }),
    { numRuns: 100 },
  );
});

test('another root key, another context and another byte are refused', async () => {
  const note = await signDeskStatement(statement(), root);
  await expect(openDeskStatement(note, other.publicKey)).rejects.toMatchObject({ code: 'signature-wrong' });
  await expect(signDeskStatement(statement(), other)).rejects.toMatchObject({ code: 'signature-wrong' });
  await expect(openCard(note, root.publicKey)).rejects.toMatchObject({ code: 'note-invalid' });
  await expect(openDeskStatement(note.replace('desk main', 'desk mine'), root.publicKey)).rejects.toMatchObject({
    code: 'signature-wrong',
  });
});

test('text that is not canonical is refused though the signature holds', async () => {
  const key = toBase64Url(other.publicKey);
  const lines = (change: Record<string, string> = {}) =>
    `postern/desk/v1\n${Object.entries({
      root: toBase64Url(root.publicKey),
      desk: 'main',
      key,
      issued: '2026-11-24',
      ...change,
    })
      .map(([name, value]) => `${name} ${value}\n`)
      .join('')}`;
  const open = async (text: string) => openDeskStatement(await signNote(text, 'postern-root', root), root.publicKey);
  expect(await open(lines())).toMatchObject({ desk: 'main' });
  for (const bad of [
    lines({ desk: 'x'.repeat(DESK_NAME_LENGTH + 1) }),
    lines({ desk: ' main' }),
    lines({ key: `${key}A` }),
    lines({ issued: '2026-02-30' }),
    lines({ more: 'x' }),
    lines({ root: key }),
    lines().replace('issued', 'issue'),
  ])
    await expect(open(bad)).rejects.toMatchObject({ name: 'Problem' });
});
