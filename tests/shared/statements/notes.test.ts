/** Signed notes: each statement opens only under its own purpose, its own key and to the byte as it was signed. */
import fc from 'fast-check';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { toBase64Url } from '../../../shared/bytes/base64.ts';
import { toHex } from '../../../shared/bytes/hex.ts';
import { ed25519FromSeed } from '../../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../../shared/crypto/ed25519.ts';
import { isProblem } from '../../../shared/problem/problem.ts';
import type { ProblemCode } from '../../../shared/problem/codes.ts';
import { openNote, signNote } from '../../../shared/statements/note.ts';
import { openOpening, openedParts, signOpening } from '../../../shared/statements/opening.ts';
import {
  openPartStatement,
  signPartStatement,
  unverifiedPartStatement,
} from '../../../shared/statements/part-statement.ts';
import { openMailboxSignIn, signMailboxSignIn } from '../../../shared/statements/mailbox-sign-in.ts';
import { openReceipt, signReceipt } from '../../../shared/statements/receipt.ts';
import {
  openReplyOpening,
  signReplyOpening,
  unverifiedReplyOpening,
} from '../../../shared/statements/reply-opening.ts';
import { openSeal, signSeal } from '../../../shared/statements/seal.ts';
import { openSignIn, signSignIn } from '../../../shared/statements/sign-in.ts';

let mailbox: SigningKey;
let other: SigningKey;
beforeAll(async () => {
  mailbox = await ed25519FromSeed(new Uint8Array(32).fill(1));
  other = await ed25519FromSeed(new Uint8Array(32).fill(2));
});

const parcel = 'a'.repeat(32);
const hash = 'b'.repeat(64);
const part = { parcel, part: 7, size: 8_391_234, sha256: hash };
const code = async (attempt: Promise<unknown>): Promise<ProblemCode | 'opened'> =>
  attempt.then(
    () => 'opened' as const,
    (error: unknown) => {
      if (isProblem(error)) return error.code;
      throw error;
    },
  );

test('a note is what C2SP signed-note says: another implementation verifies it', async () => {
  const note = await signPartStatement(part, mailbox);
  const [text, line] = [note.slice(0, note.lastIndexOf('\n\n') + 1), note.slice(note.lastIndexOf('\n\n') + 2)];
  const blob = Buffer.from(line.trim().split(' ')[2]!, 'base64');
  const id = createHash('sha256').update('postern-mailbox\n').update(Buffer.of(1)).update(mailbox.publicKey).digest();
  expect(line.startsWith('— postern-mailbox ')).toBe(true);
  expect(blob.subarray(0, 4)).toEqual(id.subarray(0, 4));
  const x = Buffer.from(mailbox.publicKey).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  expect(verify(null, Buffer.from(text), key, blob.subarray(4))).toBe(true);
  expect(text).toBe(`postern/part/v1\nparcel ${parcel}\npart 7\nsize 8391234\nsha256 ${hash}\n`);
});

test('every statement comes back as it was signed', async () => {
  expect(await openPartStatement(await signPartStatement(part, mailbox), mailbox.publicKey)).toEqual(part);
  const seal = { parcel, partSize: 8_388_608, parts: 5, root: hash };
  expect(await openSeal(await signSeal(seal, mailbox), mailbox.publicKey)).toEqual(seal);
  const receipt = { parcel, root: hash, received: '2026-02-28' };
  expect(await openReceipt(await signReceipt(receipt, other), other.publicKey)).toEqual(receipt);
  const opening = { parcel, mailbox: mailbox.publicKey, card: 1, partSize: 1_048_576, size: 1_048_577 };
  expect(toHex((await openOpening(await signOpening(opening, mailbox))).mailbox)).toBe(toHex(mailbox.publicKey));
  expect(openedParts(opening)).toBe(2);
  const challenge = new Uint8Array(32).fill(9);
  expect((await openSignIn(await signSignIn({ challenge, host: 'localhost:1' }, mailbox))).host).toBe('localhost:1');
});

test('the statements of a reply come back as they were signed, and never pass for those of a submission', async () => {
  const signed = await signPartStatement(part, other, 'reply');
  expect(await openPartStatement(signed, other.publicKey, 'reply')).toEqual(part);
  expect(unverifiedPartStatement(signed, 'reply')).toEqual(part);
  expect(await code(openPartStatement(signed, other.publicKey))).toBe('signature-wrong');
  expect(await code(openPartStatement(await signPartStatement(part, other), other.publicKey, 'reply'))).toBe(
    'signature-wrong',
  );
  const seal = { parcel, partSize: 1_048_576, parts: 5, root: hash };
  expect(await openSeal(await signSeal(seal, other, 'reply'), other.publicKey, 'reply')).toEqual(seal);
  expect(await code(openSeal(await signSeal(seal, other), other.publicKey, 'reply'))).toBe('signature-wrong');

  const { publicKey } = mailbox;
  const opening = { parcel, mailbox: publicKey, number: 3, day: '2026-11-24', card: 2, partSize: 1_048_576, size: 5 };
  const note = await signReplyOpening(opening, other);
  expect(await openReplyOpening(note, other.publicKey)).toEqual(opening);
  expect(unverifiedReplyOpening(note)).toEqual(opening);
  expect(await code(openReplyOpening(note, publicKey))).toBe('signature-wrong');
  expect(await code(openReplyOpening(note.replace('number 3', 'number 4'), other.publicKey))).toBe('signature-wrong');
  expect(await code(openOpening(note))).toBe('note-invalid');
});

test('a sign-in to a mailbox names the mailbox that signed it, and is no sign-in of a courier', async () => {
  const challenge = new Uint8Array(32).fill(9);
  const note = await signMailboxSignIn(challenge, mailbox);
  const answer = await openMailboxSignIn(note);
  expect([toHex(answer.challenge), toHex(answer.mailbox)]).toEqual([toHex(challenge), toHex(mailbox.publicKey)]);
  expect(await code(openSignIn(note))).toBe('note-invalid');
  const stolen = note.replace(toBase64Url(mailbox.publicKey), toBase64Url(other.publicKey));
  expect(await code(openMailboxSignIn(stolen))).toBe('signature-wrong');
});

test('a statement of one purpose does not open as another, nor under another key or role', async () => {
  const note = await signPartStatement(part, mailbox);
  expect(await code(openSeal(note, mailbox.publicKey))).toBe('note-invalid');
  expect(await code(openPartStatement(note, other.publicKey))).toBe('signature-wrong');
  expect(await code(openNote(note, 'postern-receipt', mailbox.publicKey))).toBe('signature-wrong');
  const stolen = note.replace('postern-mailbox', 'postern-receipt');
  expect(await code(openNote(stolen, 'postern-receipt', mailbox.publicKey))).toBe('signature-wrong');
});

test('whatever one character of a note becomes, it is refused', async () => {
  const note = await signPartStatement(part, mailbox);
  await fc.assert(
    fc.asyncProperty(fc.nat(note.length - 1), fc.constantFrom(...Array.from('a0 \n—=+')), async (at, character) => {
      const changed = note.slice(0, at) + character + note.slice(at + 1);
      const result = await code(openPartStatement(changed, mailbox.publicKey));
      expect(result === 'opened').toBe(changed === note);
    }),
    { numRuns: 300 },
  );
});

test('truncated, trailing, doubled and over-long notes are refused', async () => {
  const note = await signPartStatement(part, mailbox);
  for (let length = 0; length < note.length; length += 7)
    expect(await code(openPartStatement(note.slice(0, length), mailbox.publicKey))).toBe('note-invalid');
  for (const bad of [`${note}x`, `${note}\n`, note + note, `\ufeff${note}`, `${'x'.repeat(70_000)}${note}`])
    expect(await code(openPartStatement(bad, mailbox.publicKey))).not.toBe('opened');
});

test('signed text that is not canonical is refused though the signature holds', async () => {
  const lines = (changes: Record<string, string>) =>
    `postern/part/v1\n${Object.entries({ parcel, part: '7', size: '9', sha256: hash, ...changes })
      .map(([name, value]) => `${name} ${value}\n`)
      .join('')}`;
  const opens = async (text: string) =>
    code(openPartStatement(await signNote(text, 'postern-mailbox', mailbox), mailbox.publicKey));
  expect(await opens(lines({}))).toBe('opened');
  for (const part of ['07', '-1', '1.0', '1e3', '9007199254740993', ' 7', '7 ', ''])
    expect(await opens(lines({ part }))).toBe('note-invalid');
  expect(await opens(lines({ sha256: hash.toUpperCase() }))).toBe('encoding-invalid');
  expect(await opens(lines({ parcel: 'ab' }))).toBe('encoding-invalid');
  expect(await opens(`${lines({})}more x\n`)).toBe('note-invalid');
  expect(await opens(lines({}).replace('part 7\nsize 9\n', 'size 9\npart 7\n'))).toBe('note-invalid');
  expect(await opens(lines({}).replaceAll('\n', '\r\n'))).not.toBe('opened');
});

test('openings of impossible geometry are refused before they are signed', async () => {
  const opening = { parcel, mailbox: mailbox.publicKey, card: 1, partSize: 1_048_576, size: 1 };
  for (const bad of [
    { partSize: 3_000_000 },
    { partSize: 33_554_432 },
    { partSize: 524_288 },
    { size: 0 },
    { card: 0 },
  ])
    expect(await code(signOpening({ ...opening, ...bad }, mailbox))).toBe('note-invalid');
  expect(await code(signOpening({ ...opening, size: 1_048_576 * 131_073 }, mailbox))).toBe('note-invalid');
  expect(await code(signOpening(opening, other))).toBe('statement-mismatch');
});

test('a part statement says where it belongs before it is verified, and days that do not exist are refused', async () => {
  expect(unverifiedPartStatement(await signPartStatement(part, other))).toEqual(part);
  for (const received of ['2026-02-29', '2026-2-1', '0000-00-00', '2026-13-01']) {
    const note = await signReceipt({ parcel, root: hash, received }, other);
    expect(await code(openReceipt(note, other.publicKey))).toBe('note-invalid');
  }
});
