/** Runs the upload engine without a browser against a real server, and reads back what arrived. Not a test. */
import type { Engine } from '../../../client/upload/engine.ts';
import { startFirstSending } from '../../../client/upload/first-sending.ts';
import type { FirstSendingInput } from '../../../client/upload/first-sending.ts';
import type { Effects } from '../../../client/upload/course.ts';
import { systemClock } from '../../../client/upload/clock.ts';
import { createHashing } from '../../../client/upload/hashing.ts';
import { createSealing } from '../../../client/upload/sealing.ts';
import type { UploadPhase } from '../../../client/upload/submission-types.ts';
import { nodeCipher } from '../../../desk/node-cipher.ts';
import { openParts } from '../../../server/store/parts.ts';
import { decryptFile } from '../../../shared/age/file.ts';
import { generateIdentity, recipientOf } from '../../../shared/age/identity.ts';
import { toBase64Url } from '../../../shared/bytes/base64.ts';
import { concat } from '../../../shared/bytes/concat.ts';
import { deriveCodename } from '../../../shared/codename/derive.ts';
import type { CodenameKeys } from '../../../shared/codename/derive.ts';
import { drawCodename } from '../../../shared/codename/draw.ts';
import { nobleProvider } from '../../../shared/crypto/noble-provider.ts';
import { createNobleSha256 } from '../../../shared/crypto/noble-sha256.ts';
import { openCard } from '../../../shared/statements/card.ts';
import type { Card } from '../../../shared/statements/card.ts';
import { fetchTransport } from '../../kit/fetch-transport.ts';
import { readBack } from '../../kit/parcel-stream.ts';
import type { ReadBack } from '../../kit/parcel-stream.ts';
import { random } from '../../kit/random-bytes.ts';
import type { TestServer } from '../../kit/test-server.ts';
import { soon } from './soon.ts';

export const identity = await generateIdentity('classic');
const MIB = 1_048_576;

/** The organisation's card with a recipient whose identity the tests have. */
export async function testCard(server: TestServer, change: Partial<Card> = {}): Promise<Card> {
  const recipients = [{ from: '2026-01-01', until: '2036-01-01', recipient: await recipientOf(identity) }];
  const { root } = server.organisation;
  return openCard(await server.organisation.card({ recipients, ...change }), root.publicKey);
}

/** What an engine works with in this process; waits are twenty times as short as in earnest. */
export function testEffects(server: Pick<TestServer, 'sourceUrl'>, card: Card, change: Partial<Effects> = {}): Effects {
  const sealing = createSealing(nodeCipher, random);
  return {
    card,
    hashing: createHashing(createNobleSha256),
    sealings: [sealing, sealing],
    provider: nobleProvider,
    transport: fetchTransport(server.sourceUrl),
    clock: { ...systemClock, sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / 20, signal) },
    random,
    ...change,
  };
}

/** The keys of a codename, made in no time. */
export function testKeys(card: Card): Promise<CodenameKeys> {
  return deriveCodename({ words: drawCodename(random), rootKey: card.rootKey, rounds: 10 });
}

/** Starts an engine in this process, in parts of 1 MiB. */
export async function runEngine(
  server: TestServer,
  input: Partial<FirstSendingInput> & Pick<FirstSendingInput, 'files'>,
): Promise<Engine> {
  const card = await testCard(server);
  return startFirstSending({
    ...testEffects(server, card),
    message: null,
    keys: testKeys(card),
    partSize: MIB,
    ...input,
  });
}

/** Waits until the engine is in this phase. Throws when it has come to another end. */
export async function reach(engine: Engine, phase: UploadPhase): Promise<void> {
  await soon(() => {
    const now = engine.state();
    if (now.phase === 'refused' && phase !== 'refused') throw new Error(`refused: ${now.problem?.code}`);
    return now.phase === phase;
  });
}

/** The parcel that a path of the API is about. */
export function parcelIn(path: string): string | null {
  return /^\/api\/parcels\/([0-9a-f]{32})/.exec(path)?.[1] ?? null;
}

/** Decrypts what the server has of a parcel of `parts` parts and reads the bag in it. */
export async function readArrived(server: TestServer, parcel: string, parts: number): Promise<ReadBack> {
  const table = openParts(server.database.database);
  const plain: Uint8Array[] = [];
  for (let part = 0; part < parts; part++) {
    const found = await table.finished({ direction: 'submission', parcel, part });
    if (found === null) throw new Error(`part ${part} is missing`);
    const pieces: Uint8Array[] = [];
    for (const { name, length } of found.blobs)
      for await (const piece of server.blobs.read(parcel, name, 0, length)) pieces.push(piece);
    const opened = await decryptFile({ file: concat(...pieces), identities: [identity], provider: nodeCipher });
    if (opened === null) throw new Error(`part ${part} is not for us`);
    plain.push(opened);
  }
  const stream = concat(...plain);
  const sender = toBase64Url((await table.find({ direction: 'submission', parcel, part: 0 }))!.parcel.sender);
  return readBack(stream, [{ from: 0, to: stream.length }], { parcel, sender });
}
