/** A real parcel, mailbox and courier for the fuzzer to come near to. */
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { CHALLENGE_ROUTE, partRoute } from '../../shared/protocol/routes.ts';
import { signNote, unverifiedText } from '../../shared/statements/note.ts';
import { signMailboxSignIn } from '../../shared/statements/mailbox-sign-in.ts';
import { signSignIn } from '../../shared/statements/sign-in.ts';
import { SOURCE, STAFF } from './access-table.ts';
import { mailboxChallenge, mailboxOwner } from './mailbox-owner.ts';
import type { Ground } from './malformed-requests.ts';
import { bentText } from './malformed-text.ts';
import { patternBytes, random } from './random-bytes.ts';
import { signInAt } from './reply-sender.ts';
import { seeded } from './seeded.ts';
import { createSender, openAt, sendAt } from './sender.ts';

export interface Grounds {
  readonly source: Ground;
  readonly staff: Ground;
}

const SIGNED_NONSENSE = 200;

/** Makes what is needed on a running server; `courier` is enrolled there. */
export async function layGround(
  sourceUrl: string,
  staffUrl: string,
  courier: SigningKey,
  seed: number,
): Promise<Grounds> {
  const mailbox = await ed25519FromSeed(random(32));
  const sender = await createSender({ mailbox, parts: 6 });
  const bytes = patternBytes(300);
  await openAt(sourceUrl, sender);
  await sendAt(sourceUrl, sender, 0, bytes);
  const owner = await mailboxOwner(sourceUrl, mailbox);
  const session = await signInAt(staffUrl, courier);
  const challenge = (
    (await (await fetch(staffUrl + CHALLENGE_ROUTE, { method: 'POST' })).json()) as { challenge: string }
  ).challenge;
  const notes = [
    await sender.opening(),
    await (await createSender({ mailbox })).opening(),
    await sender.statement(1, bytes),
    await sender.statement(9, bytes),
    await sender.seal([bytes]),
    await signMailboxSignIn(await mailboxChallenge(sourceUrl), mailbox),
    await signSignIn({ challenge: fromBase64Url(challenge, 32), host: new URL(staffUrl).host }, courier),
  ];
  const parts = [1, 2, 3].map((part) => partRoute(sender.parcel, part));
  // Begun, so that offsets are compared; and nonsense that is rightly signed, so that more than the signature is looked at.
  for (const [at, path] of parts.entries())
    await fetch(sourceUrl + path, { method: 'POST', headers: await sender.creation(at + 1, bytes) });
  const chance = seeded(seed);
  for (let made = 0; made < SIGNED_NONSENSE; made++) {
    const text = unverifiedText(chance.pick(notes.slice(0, 6)));
    notes.push(await signNote(bentText(chance, text, ''), 'postern-mailbox', mailbox));
  }
  const fill = (path: string): string =>
    path.replace(/:(?:parcel|reply)/, sender.parcel).replace(/:(?:part|page)/, '0');
  return {
    source: {
      notes,
      tokens: [owner.token],
      paths: ['/', ...SOURCE.map(({ path }) => fill(path))],
      parts: [...parts, '/api/tus'],
      calls: [
        ['/api/parcels', 'opening'],
        [fill('/api/parcels/:parcel/seal'), 'seal'],
        ['/api/mailbox/session', 'statement'],
        [fill('/api/mailbox/parcels/:parcel/claim'), 'writer'],
      ],
    },
    staff: {
      notes,
      tokens: [session.authorization.slice('Bearer '.length)],
      // Not what deletes: the ground stays.
      paths: STAFF.map(({ path }) => fill(path)).filter((path) => !path.endsWith('/delete')),
      parts: parts.map((path) => path.replace('/parcels/', '/replies/')),
      calls: [
        ['/api/session', 'statement'],
        ['/api/replies', 'opening'],
        [fill('/api/replies/:parcel/seal'), 'seal'],
      ],
    },
  };
}
