/** Headers: for every recipient, of a known length, one kind only; "not for me" and "broken" told apart. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHeader, headerSize, MAX_HEADER_SIZE, openHeader } from '../../../shared/age/header.ts';
import { checkIdentity, generateIdentity, hybridIdentityFromSeed, recipientOf } from '../../../shared/age/identity.ts';
import { commonKind, parseRecipient } from '../../../shared/age/recipients.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { isProblem } from '../../../shared/problem/problem.ts';

const kinds = ['hybrid', 'classic'] as const;
const identities = {
  hybrid: await Promise.all([1, 2, 3].map(() => generateIdentity('hybrid'))),
  classic: await Promise.all([1, 2, 3].map(() => generateIdentity('classic'))),
};
const recipients = {
  hybrid: await Promise.all(identities.hybrid.map(recipientOf)),
  classic: await Promise.all(identities.classic.map(recipientOf)),
};

describe.each(kinds)('%s', (kind) => {
  const [recipient, second, third] = recipients[kind] as [string, string, string];
  const [identity, , thirdIdentity] = identities[kind] as [string, string, string];

  test('recipients and identities read as what they are', () => {
    expect(parseRecipient(recipient)).toEqual({ kind, text: recipient });
    expect(commonKind(recipients[kind])).toBe(kind);
    for (const text of identities[kind]) expect(() => checkIdentity(text)).not.toThrow();
  });

  test.each([1, 2, 3])('%i recipients: the length is known before, and each of them opens it', async (count) => {
    const { fileKey, header } = await createHeader(recipients[kind].slice(0, count));
    expect(header.length).toBe(headerSize(kind, count));
    for (const one of identities[kind].slice(0, count))
      expect(await openHeader(header, [one])).toEqual({ fileKey, headerLength: header.length });
    for (const one of identities[kind].slice(count)) expect(await openHeader(header, [one])).toBeNull();
    expect(await openHeader(header, [...identities[kind]].reverse())).toMatchObject({ fileKey });
  });

  test('every header has its own file key', async () => {
    const keys = await Promise.all([1, 2, 3, 4].map(() => createHeader([recipient])));
    expect(new Set(keys.map(({ fileKey }) => fileKey.join())).size).toBe(4);
  });

  test('what follows the header does not matter', async () => {
    const { header } = await createHeader([recipient]);
    const longer = new Uint8Array(header.length + 200_000);
    longer.set(header);
    expect(await openHeader(longer, [identity])).toMatchObject({ headerLength: header.length });
  });

  test('cut anywhere: damaged', async () => {
    const { header } = await createHeader([recipient]);
    for (let length = 0; length < header.length; length += kind === 'hybrid' ? 23 : 1)
      await expect(openHeader(header.subarray(0, length), [identity])).rejects.toMatchObject({
        code: 'age-header-damaged',
      });
  });

  test('changed anywhere: damaged or not for me, but never opened', async () => {
    const { header } = await createHeader([second, third]);
    await fc.assert(
      fc.asyncProperty(fc.nat(header.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = header.slice();
        changed[at]! ^= change;
        const outcome = await openHeader(changed, [thirdIdentity]).catch((error: unknown) => error);
        return outcome === null || isProblem(outcome, 'age-header-damaged');
      }),
      { numRuns: kind === 'hybrid' ? 60 : 200 },
    );
  });

  test('a changed MAC is damage and not "not for me"', async () => {
    const { header } = await createHeader([recipient]);
    header[header.length - 5]! ^= 1;
    await expect(openHeader(header, [identity])).rejects.toMatchObject({ code: 'age-header-damaged' });
  });

  test('junk in place of an identity is refused and not taken for "not for me"', async () => {
    const { header } = await createHeader([recipient]);
    for (const junk of [
      '',
      'AGE-SECRET-KEY-1',
      recipient,
      identity.slice(0, -1),
      identity.toLowerCase(),
      `${identity} `,
    ])
      await expect(openHeader(header, [junk])).rejects.toMatchObject({ code: 'identity-invalid' });
  });
});

test('no recipient, junk, other types, and both kinds together are refused', async () => {
  const hybrid = recipients.hybrid[0]!;
  const classic = recipients.classic[0]!;
  const junk = [
    '',
    'age1',
    'ssh-ed25519 AAAA',
    classic.toUpperCase(),
    classic.slice(0, -1),
    `${hybrid}q`,
    `${classic}\n`,
  ];
  // The tag recipients of age 1.3, which age-encryption would take: an organisation's card does not.
  const tag = 'age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e';
  for (const list of [[], [hybrid, classic], [classic, hybrid], [tag], ...junk.map((text) => [text]), [classic, '']])
    await expect(createHeader(list)).rejects.toMatchObject({ code: 'recipient-invalid' });
});

test('a header longer than the limit is damaged, with and without an end', async () => {
  const stanza = `-> grease\n${'A'.repeat(64)}\n`.repeat(2);
  const endless = `age-encryption.org/v1\n${stanza.repeat(MAX_HEADER_SIZE / stanza.length)}`;
  for (const text of [endless, `${endless}--- ${'A'.repeat(43)}\n`, 'x'.repeat(10_000_000)])
    await expect(openHeader(utf8Encode(text), identities.classic)).rejects.toMatchObject({
      code: 'age-header-damaged',
    });
});

test('a seed is one identity and has one recipient', async () => {
  const identity = hybridIdentityFromSeed(new Uint8Array(32).fill(5));
  expect(identity).toMatch(/^AGE-SECRET-KEY-PQ-1[0-9A-Z]+$/);
  expect(() => checkIdentity(identity)).not.toThrow();
  expect(await recipientOf(identity)).toBe(await recipientOf(hybridIdentityFromSeed(new Uint8Array(32).fill(5))));
  expect(() => hybridIdentityFromSeed(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'internal' }));
  await expect(recipientOf('AGE-SECRET-KEY-1QQQ')).rejects.toMatchObject({ code: 'identity-invalid' });
});
