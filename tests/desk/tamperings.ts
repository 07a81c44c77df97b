/** What can be done to a parcel on its way, and the codes of damage that the desk must tell of it. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, open, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import { openOpening, signOpening } from '../../shared/statements/opening.ts';
import { openPartStatement, signPartStatement } from '../../shared/statements/part-statement.ts';
import { openReceipt, signReceipt } from '../../shared/statements/receipt.ts';
import { openSeal, signSeal } from '../../shared/statements/seal.ts';
import type { Drop, MadeParcel } from '../kit/make-parcel.ts';
import { random } from '../kit/random-bytes.ts';

/** `bystander` is a parcel of the same bundle that nothing is done to. */
type Tamper = (parcel: MadeParcel, drop: Drop, bystander: MadeParcel) => Promise<unknown>;

/** What is done to a good parcel, and the codes of damage that must come of it (besides `file-incomplete` and the like, which follow). */
export const TAMPERINGS: Readonly<Record<string, { readonly codes: readonly string[]; readonly tamper: Tamper }>> = {
  'nothing at all': { codes: [], tamper: () => Promise.resolve() },
  'one bit flipped in a part': { codes: ['part-altered'], tamper: (parcel) => flipBit(parcel.path(1), 500_000) },
  'one bit flipped in the age header': { codes: ['part-altered'], tamper: (parcel) => flipBit(parcel.path(1), 40) },
  'two parts swapped': {
    codes: ['part-swapped', 'part-swapped'],
    async tamper(parcel) {
      await rename(parcel.path(0), parcel.path(9));
      await rename(parcel.path(1), parcel.path(0));
      await rename(parcel.path(9), parcel.path(1));
    },
  },
  'a part missing': { codes: ['parts-missing'], tamper: (parcel) => rm(parcel.path(1)) },
  'a part truncated': { codes: ['part-truncated'], tamper: (parcel) => truncate(parcel.path(1), 700_000) },
  'a part emptied': { codes: ['part-truncated'], tamper: (parcel) => truncate(parcel.path(1), 0) },
  'a part lengthened': { codes: ['part-too-long'], tamper: (parcel) => writeFile(parcel.path(1), 'x', { flag: 'a' }) },
  'a part of absurd length': { codes: ['part-too-long'], tamper: (parcel) => truncate(parcel.path(1), 5_000_000_000) },
  'a part repeated in place of another': {
    codes: ['part-repeated'],
    tamper: (parcel) => copyFile(parcel.path(0), parcel.path(1)),
  },
  'a part repeated behind the last': {
    codes: ['part-without-statement'],
    tamper: (parcel) => copyFile(parcel.path(0), parcel.path(parcel.parts)),
  },
  'a part taken from another parcel': {
    codes: ['part-from-other-parcel'],
    tamper: (parcel, _drop, bystander) => copyFile(bystander.path(1), parcel.path(1)),
  },
  'a part and its statement taken from another parcel of the same sender': {
    codes: ['statement-parcel-differs', 'statements-missing', 'part-without-statement'],
    async tamper(parcel, _drop, bystander) {
      await copyFile(bystander.path(1), parcel.path(1));
      const { parts } = await bystander.envelope();
      await changeEnvelope(parcel, (envelope) => ({ ...envelope, parts: envelope.parts.with(1, parts[1]!) }));
    },
  },
  'a part that is a symbolic link': {
    codes: ['part-unreadable'],
    async tamper(parcel) {
      await rename(parcel.path(1), join(parcel.folder, 'elsewhere'));
      await symlink('elsewhere', parcel.path(1));
    },
  },
  'a part that is a folder': {
    codes: ['part-unreadable'],
    async tamper(parcel) {
      await rm(parcel.path(1));
      await mkdir(parcel.path(1));
    },
  },
  'a part that is a pipe, which nobody writes to': {
    codes: ['part-unreadable'],
    async tamper(parcel) {
      await rm(parcel.path(1));
      await makePipe(parcel.path(1));
    },
  },
  'an envelope that is a pipe': {
    codes: ['envelope-missing'],
    async tamper(parcel) {
      await rm(join(parcel.folder, 'envelope.json'));
      await makePipe(join(parcel.folder, 'envelope.json'));
    },
  },
  'a statement from another key': {
    codes: ['statement-signature-wrong', 'statements-missing', 'part-without-statement'],
    async tamper(parcel) {
      const stranger = await ed25519FromSeed(random(32));
      await changeStatement(parcel, 1, async (statement) => signPartStatement(statement, stranger));
    },
  },
  'all signed anew by another key': {
    codes: ['bag-sender-differs'],
    async tamper(parcel) {
      const stranger = await ed25519FromSeed(random(32));
      await changeEnvelope(parcel, async (envelope) => {
        const opening = await openOpening(envelope.opening);
        const statements = await Promise.all(
          envelope.parts.map((note) => openPartStatement(note, parcel.mailbox.publicKey)),
        );
        return {
          ...envelope,
          mailbox: toBase64Url(stranger.publicKey),
          opening: await signOpening({ ...opening, mailbox: stranger.publicKey }, stranger),
          parts: await Promise.all(statements.map((statement) => signPartStatement(statement, stranger))),
          seal: null,
          receipt: null,
        };
      });
    },
  },
  'a statement with one character changed': {
    codes: ['statement-signature-wrong', 'statements-missing', 'part-without-statement'],
    tamper: (parcel) =>
      changeEnvelope(parcel, (envelope) => ({
        ...envelope,
        parts: envelope.parts.with(1, envelope.parts[1]!.replace('part 1\n', 'part 2\n')),
      })),
  },
  'a statement that is no note': {
    codes: ['statement-invalid', 'statements-missing', 'part-without-statement'],
    tamper: (parcel) => changeEnvelope(parcel, (envelope) => ({ ...envelope, parts: envelope.parts.with(1, 'hello') })),
  },
  'a statement for another parcel, by the same key': {
    codes: ['statement-parcel-differs', 'statements-missing', 'part-without-statement'],
    tamper: (parcel) =>
      changeStatement(parcel, 1, (statement) =>
        signPartStatement({ ...statement, parcel: '0'.repeat(32) }, parcel.mailbox),
      ),
  },
  'a statement twice': {
    codes: ['statement-repeated'],
    tamper: (parcel) =>
      changeEnvelope(parcel, (envelope) => ({
        ...envelope,
        parts: envelope.parts.toSpliced(1, 0, envelope.parts[0]!),
      })),
  },
  'many more statements than parts': {
    codes: ['statements-surplus', ...Array.from({ length: 100 }, () => 'statement-repeated')],
    tamper: (parcel) =>
      changeEnvelope(parcel, (envelope) => ({
        ...envelope,
        parts: [...envelope.parts, ...Array.from({ length: 50_000 }, () => envelope.parts[0]!)],
      })),
  },
  'statements out of order': {
    codes: ['envelope-order'],
    tamper: (parcel) => changeEnvelope(parcel, (envelope) => ({ ...envelope, parts: envelope.parts.toReversed() })),
  },
  'a statement for a part beyond the end': {
    codes: ['statement-beyond-end'],
    async tamper(parcel) {
      const statement = { parcel: parcel.parcel, part: 700, size: 9, sha256: '0'.repeat(64) };
      const note = await signPartStatement(statement, parcel.mailbox);
      await changeEnvelope(parcel, (envelope) => ({ ...envelope, parts: [...envelope.parts, note] }));
    },
  },
  'a statement of an impossible size': {
    codes: ['statement-size', 'statements-missing', 'part-without-statement'],
    tamper: (parcel) =>
      changeStatement(parcel, 1, (statement) => signPartStatement({ ...statement, size: 2 ** 40 }, parcel.mailbox)),
  },
  'the seal altered': {
    codes: ['seal-signature-wrong'],
    tamper: (parcel) =>
      changeEnvelope(parcel, (envelope) => ({ ...envelope, seal: envelope.seal!.replace(/root ../, 'root 00') })),
  },
  'a seal for other parts': {
    codes: ['seal-root-differs'],
    tamper: (parcel) => changeSeal(parcel, (seal) => ({ ...seal, root: '0'.repeat(64) })),
  },
  'a seal for fewer parts': {
    codes: ['seal-opening-differs'],
    tamper: (parcel) => changeSeal(parcel, (seal) => ({ ...seal, parts: seal.parts - 1 })),
  },
  'a seal of another parcel': {
    codes: ['seal-parcel-differs'],
    tamper: (parcel) => changeSeal(parcel, (seal) => ({ ...seal, parcel: 'f'.repeat(32) })),
  },
  'a receipt from another server': {
    codes: ['receipt-signature-wrong'],
    async tamper(parcel, drop) {
      const stranger = await ed25519FromSeed(random(32));
      await changeReceipt(parcel, drop, (receipt) => signReceipt(receipt, stranger));
    },
  },
  'a receipt for other parts': {
    codes: ['receipt-differs'],
    tamper: (parcel, drop) =>
      changeReceipt(parcel, drop, (receipt) => signReceipt({ ...receipt, root: '0'.repeat(64) }, drop.receiptKey)),
  },
  'a receipt without a seal': {
    codes: ['receipt-without-seal'],
    tamper: (parcel) => changeEnvelope(parcel, (envelope) => ({ ...envelope, seal: null })),
  },
  'a receipt that is no note': {
    codes: ['receipt-invalid'],
    tamper: (parcel) => changeEnvelope(parcel, (envelope) => ({ ...envelope, receipt: 'yes' })),
  },
  'an envelope with an unknown field': {
    codes: ['envelope-invalid'],
    tamper: async (parcel) =>
      writeFile(
        join(parcel.folder, 'envelope.json'),
        JSON.stringify({ ...(await parcel.envelope()), sender: 'someone' }),
      ),
  },
  'an envelope that is no JSON': {
    codes: ['envelope-invalid'],
    tamper: (parcel) => writeFile(join(parcel.folder, 'envelope.json'), '{'),
  },
  'an envelope that is not there': {
    codes: ['envelope-missing'],
    tamper: (parcel) => rm(join(parcel.folder, 'envelope.json')),
  },
  'an envelope that names another parcel': {
    codes: ['envelope-parcel-differs'],
    tamper: (parcel) => changeEnvelope(parcel, (envelope) => ({ ...envelope, parcel: 'e'.repeat(32) })),
  },
  'an envelope that names another key': {
    codes: ['envelope-key-differs'],
    tamper: (parcel) =>
      changeEnvelope(parcel, (envelope) => ({ ...envelope, mailbox: toBase64Url(new Uint8Array(32).fill(9)) })),
  },
  'the opening of another parcel': {
    codes: ['opening-parcel-differs'],
    tamper: (parcel) => changeOpening(parcel, (opening) => ({ ...opening, parcel: 'd'.repeat(32) })),
  },
  'an opening that was altered': {
    codes: ['opening-signature-wrong'],
    tamper: (parcel) =>
      changeEnvelope(parcel, (envelope) => ({ ...envelope, opening: envelope.opening.replace('card 1', 'card 2') })),
  },
  'an opening of another size': {
    codes: ['part-size-differs'],
    tamper: (parcel) => changeOpening(parcel, (opening) => ({ ...opening, size: opening.size - 512 })),
  },
};

const makePipe = (path: string) => promisify(execFile)('mkfifo', [path]);

async function flipBit(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = new Uint8Array(1);
  await file.read(byte, 0, 1, at);
  byte[0] = byte[0]! ^ 1;
  await file.write(byte, 0, 1, at);
  await file.close();
}

type EnvelopeOf = Awaited<ReturnType<MadeParcel['envelope']>>;

async function changeEnvelope(
  parcel: MadeParcel,
  change: (envelope: EnvelopeOf) => EnvelopeOf | Promise<EnvelopeOf>,
): Promise<void> {
  await parcel.writeEnvelope(await change(await parcel.envelope()));
}

async function changeStatement(
  parcel: MadeParcel,
  index: number,
  resign: (statement: Awaited<ReturnType<typeof openPartStatement>>) => Promise<string>,
): Promise<void> {
  const { parts } = await parcel.envelope();
  const note = await resign(await openPartStatement(parts[index]!, parcel.mailbox.publicKey));
  await changeEnvelope(parcel, (envelope) => ({ ...envelope, parts: envelope.parts.with(index, note) }));
}

async function changeSeal(
  parcel: MadeParcel,
  change: (seal: Awaited<ReturnType<typeof openSeal>>) => Awaited<ReturnType<typeof openSeal>>,
): Promise<void> {
  const { seal } = await parcel.envelope();
  const note = await signSeal(change(await openSeal(seal!, parcel.mailbox.publicKey)), parcel.mailbox);
  await changeEnvelope(parcel, (envelope) => ({ ...envelope, seal: note }));
}

async function changeOpening(
  parcel: MadeParcel,
  change: (opening: Awaited<ReturnType<typeof openOpening>>) => Awaited<ReturnType<typeof openOpening>>,
): Promise<void> {
  const { opening } = await parcel.envelope();
  const note = await signOpening(change(await openOpening(opening)), parcel.mailbox);
  await changeEnvelope(parcel, (envelope) => ({ ...envelope, opening: note }));
}

async function changeReceipt(
  parcel: MadeParcel,
  { receiptKey }: Drop,
  resign: (receipt: Awaited<ReturnType<typeof openReceipt>>) => Promise<string>,
): Promise<void> {
  const { receipt } = await parcel.envelope();
  const note = await resign(await openReceipt(receipt!, receiptKey.publicKey));
  await changeEnvelope(parcel, (envelope) => ({ ...envelope, receipt: note }));
}
