/** The receipt: the server's signed word that a sealed parcel came in, whole, on a day. */
import type { SigningKey } from '../crypto/ed25519.ts';
import { readFields, writeFields } from './fields.ts';
import { openNote, signNote } from './note.ts';

export interface Receipt {
  readonly parcel: string;
  /** The seal's Merkle root in lower-case hex. */
  readonly root: string;
  /** The UTC day, `YYYY-MM-DD`. */
  readonly received: string;
}

/** Signs a receipt with the server's receipt key. */
export async function signReceipt(receipt: Receipt, key: SigningKey): Promise<string> {
  const text = writeFields('postern/receipt/v1', [
    ['parcel', receipt.parcel],
    ['root', receipt.root],
    ['received', receipt.received],
  ]);
  return signNote(text, 'postern-receipt', key);
}

/** The receipt in a note signed by the receipt key of the card. Problems `note-invalid`, `signature-wrong`. */
export async function openReceipt(note: string, receiptKey: Uint8Array): Promise<Receipt> {
  const fields = readFields(await openNote(note, 'postern-receipt', receiptKey), 'postern/receipt/v1');
  const receipt: Receipt = { parcel: fields.parcel(), root: fields.hex('root', 32), received: fields.day('received') };
  fields.end();
  return receipt;
}
