/** What is measured at scale: each call as its caller makes it, over HTTP. All that the caller has to reckon is done before the clock starts. */
import { createHash } from 'node:crypto';
import { openMailboxes } from '../server/store/mailboxes.ts';
import { toBase64 } from '../shared/bytes/base64.ts';
import { utf8Encode } from '../shared/bytes/utf8.ts';
import { ed25519FromSeed } from '../shared/crypto/ed25519.ts';
import type { SigningKey } from '../shared/crypto/ed25519.ts';
import { MAX_MAILBOX_ITEMS } from '../shared/protocol/limits.ts';
import { MAILBOX_ROUTE, PARCELS_ROUTE, parcelRoute, partRoute } from '../shared/protocol/routes.ts';
import { signPartStatement } from '../shared/statements/part-statement.ts';
import { answerChallenge, mailboxChallenge, mailboxOwner } from '../tests/kit/mailbox-owner.ts';
import type { MailboxOwner } from '../tests/kit/mailbox-owner.ts';
import { random } from '../tests/kit/random-bytes.ts';
import { signInAt } from '../tests/kit/reply-sender.ts';
import type { Session } from '../tests/kit/reply-sender.ts';
import { BODY_TYPE, createSender, postJson } from '../tests/kit/sender.ts';
import type { TestServer } from '../tests/kit/test-server.ts';

/** A server, and who asks it. */
export interface Place {
  readonly server: TestServer;
  readonly owners: readonly MailboxOwner[];
  /** The unfinished parcel of each owner. */
  readonly unfinished: readonly string[];
  readonly nobody: MailboxOwner;
  readonly session: Session;
  /** Number of the newest parcel. */
  readonly newest: number;
}

/** The n-th call of its kind; what it gives is timed. */
export type Call = (place: Place, n: number) => Promise<() => Promise<unknown>>;

/** Signs everybody in. */
export async function openPlace(
  server: TestServer,
  keys: readonly SigningKey[],
  unfinished: readonly string[],
  newest: number,
): Promise<Place> {
  const owners = await Promise.all(keys.map((key) => mailboxOwner(server.sourceUrl, key)));
  const nobody = await mailboxOwner(server.sourceUrl, await ed25519FromSeed(random(32)));
  const session = await signInAt(server.staffUrl, server.organisation.courier);
  return { server, owners, unfinished, nobody, session, newest };
}

async function good(answer: Promise<Response>): Promise<void> {
  const { status, ok, ...rest } = await answer.then(async (response) => ({
    status: response.status,
    ok: response.ok,
    text: await response.text(),
  }));
  if (!ok) throw new Error(`${status}: ${rest.text}`);
}

const ownerOf = ({ owners }: Place, n: number): MailboxOwner => owners[n % owners.length]!;
const list =
  (after: (newest: number) => number): Call =>
  ({ server, session, newest }) =>
    Promise.resolve(() =>
      good(fetch(`${server.staffUrl}${PARCELS_ROUTE}?after=${after(newest)}`, { headers: { ...session } })),
    );

/** Every kind of call, by what the table calls it. */
export const CALLS: Readonly<Record<string, Call>> = {
  'mailbox sign-in': async (place, n) => {
    const challenge = await mailboxChallenge(place.server.sourceUrl);
    return () => good(answerChallenge(place.server.sourceUrl, ownerOf(place, n).key, challenge));
  },
  'mailbox look, one unfinished, two sealed, one reply': (place, n) =>
    Promise.resolve(() => good(ownerOf(place, n).get(MAILBOX_ROUTE))),
  'mailbox look, nothing there': ({ nobody }) => Promise.resolve(() => good(nobody.get(MAILBOX_ROUTE))),
  'the query of the look alone, without HTTP and its floor of 50 ms': (place, n) =>
    Promise.resolve(() =>
      openMailboxes(place.server.database.database).look(ownerOf(place, n).key.publicKey, MAX_MAILBOX_ITEMS),
    ),
  'part of 1,000 bytes, acknowledged': async (place, n) => {
    const { server, unfinished, owners } = place;
    const parcel = unfinished[n % owners.length]!;
    const part = 100 + Math.floor(n / owners.length);
    const bytes = random(1000);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const statement = await signPartStatement({ parcel, part, size: 1000, sha256 }, ownerOf(place, n).key);
    const headers = {
      ...BODY_TYPE,
      'tus-resumable': '1.0.0',
      'upload-length': '1000',
      'upload-metadata': `statement ${toBase64(utf8Encode(statement))}`,
    };
    const url = server.sourceUrl + partRoute(parcel, part);
    return () => good(fetch(url, { method: 'POST', headers, body: Buffer.from(bytes) }));
  },
  'parcel status': ({ server, unfinished }, n) =>
    Promise.resolve(() => good(fetch(server.sourceUrl + parcelRoute(unfinished[n % unfinished.length]!)))),
  'courier listing, first page': list(() => 0),
  'courier listing, a page in the middle': list((newest) => Math.max(0, Math.floor(newest / 2) - 200)),
  'courier listing, what is new': list((newest) => newest),
  opening: async ({ server }) => {
    const note = await (await createSender()).opening();
    return () => good(postJson(server.sourceUrl + PARCELS_ROUTE, { opening: note }));
  },
};
