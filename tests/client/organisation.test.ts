/** Asking for the card: believed only under the built-in root key, and one clear outcome for everything that can go wrong. */
import { describe, expect, test } from 'vitest';
import { askOrganisation, datesProblem } from '../../client/organisation.ts';
import type { OrganisationInput } from '../../client/organisation.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { signCard } from '../../shared/statements/card.ts';
import type { Card } from '../../shared/statements/card.ts';
import { rootFingerprint } from '../../shared/statements/fingerprint.ts';

const root = await ed25519FromSeed(new Uint8Array(32).fill(1));
const other = await ed25519FromSeed(new Uint8Array(32).fill(2));

function card(changes: Partial<Card> = {}): Card {
  return {
    organisation: 'Example Newsroom',
    rootKey: root.publicKey,
    serial: 1,
    issued: '2026-01-10',
    replaces: null,
    demo: false,
    replyKey: new Uint8Array(32).fill(3),
    receiptKey: new Uint8Array(32).fill(4),
    recipients: [{ from: '2026-01-10', until: '2026-12-31', recipient: `age1${'q'.repeat(58)}` }],
    ...changes,
  };
}

function answering(body: string, status = 200, changes: Partial<OrganisationInput> = {}): OrganisationInput {
  return {
    fetch: () => Promise.resolve(new Response(body, { status })),
    now: () => new Date('2026-06-01T12:00:00Z'),
    rootKey: toBase64Url(root.publicKey),
    secure: true,
    ...changes,
  };
}

const good = await signCard(card(), root);
const foreign = await signCard(card({ rootKey: other.publicKey }), other);

describe('the card', () => {
  test('of the right root, on a day it is for', async () => {
    const outcome = await askOrganisation(answering(good));
    expect(outcome).toMatchObject({ kind: 'ready', fingerprint: await rootFingerprint(root.publicKey) });
    expect(outcome.kind === 'ready' && outcome.card.organisation).toBe('Example Newsroom');
  });

  test.each([
    ['of another root', foreign, 'card-untrusted'],
    ['altered', good.replace('Example', 'Sample'), 'card-untrusted'],
    ['not signed', good.slice(0, good.indexOf('\n\n') + 2), 'note-invalid'],
    ['that is a page of a hotel’s network', '<!doctype html><title>Sign in to WiFi</title>', 'note-invalid'],
  ])('%s is a problem, not a card', async (_name, note, code) => {
    expect(await askOrganisation(answering(note))).toEqual({ kind: 'problem', code });
  });

  test.each([
    ['years too early', '2019-05-05', { kind: 'behind', day: '2026-01-10' }],
    ['run out', '2031-05-05', { kind: 'over', day: '2026-12-31' }],
  ])('by a clock that says it is %s', async (_name, today, why) => {
    const outcome = await askOrganisation(answering(good, 200, { now: () => new Date(`${today}T10:00:00Z`) }));
    expect(outcome).toMatchObject({ kind: 'dates', today });
    expect(datesProblem(card(), today)).toEqual(why);
  });

  test('whose keys are for later days says from when', () => {
    const recipients = [{ from: '2026-08-01', until: '2026-12-31', recipient: `age1${'q'.repeat(58)}` }];
    expect(datesProblem(card({ recipients }), '2026-06-01')).toEqual({ kind: 'not-yet', day: '2026-08-01' });
  });
});

describe('no card', () => {
  test('a server that is away is worth asking again', async () => {
    const away = answering('', 200, { fetch: () => Promise.reject(new TypeError('network')) });
    expect(await askOrganisation(away)).toEqual({ kind: 'unreachable', code: null });
    expect(await askOrganisation(answering('Bad Gateway', 502))).toEqual({ kind: 'unreachable', code: null });
  });

  test('a server that says why is quoted by its code, if it is one of ours', async () => {
    const body = JSON.stringify({ title: 'x', status: 503, code: 'card-missing' });
    expect(await askOrganisation(answering(body, 503))).toEqual({ kind: 'unreachable', code: 'card-missing' });
    const unknown = JSON.stringify({ code: '__proto__' });
    expect(await askOrganisation(answering(unknown, 500))).toEqual({ kind: 'unreachable', code: null });
  });

  test('a page without cryptography or without a root key asks nobody', async () => {
    const never = () => Promise.reject(new Error('asked'));
    expect(await askOrganisation(answering('', 200, { fetch: never, secure: false }))).toEqual({ kind: 'insecure' });
    expect(await askOrganisation(answering('', 200, { fetch: never, rootKey: '' }))).toEqual({
      kind: 'not-configured',
    });
  });
});
