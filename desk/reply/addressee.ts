/** To whom a reply goes: proved by what the source signed and by what stands inside the encryption, or there is no reply. */
import { parseRecipient } from '../../shared/age/recipients.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { createBeginningReader } from '../case/beginning.ts';
import { parcelFolder, readEnvelopeText } from '../case/bundle.ts';
import type { Bundle } from '../case/bundle.ts';
import { createFindings } from '../case/findings.ts';
import { createPartOpener } from '../case/open-part.ts';
import { checkStatements } from '../case/statements.ts';
import { Failure } from '../failure.ts';

export interface Addressee {
  readonly mailbox: Uint8Array;
  /** age recipient to which the reply is encrypted, and to no other. */
  readonly recipient: string;
}

/** The source of a parcel. Failures `answer-unsigned`, `answer-not-for-us`, `answer-beginning`, `answer-sender`, `answer-recipient`. */
export async function proveAddressee(
  parcel: string,
  {
    bundle,
    receiptKeys,
    identities,
  }: { bundle: Bundle; receiptKeys: readonly Uint8Array[]; identities: readonly string[] },
): Promise<Addressee> {
  const folder = parcelFolder(bundle, parcel);
  const statements = await checkStatements(parcel, await readEnvelopeText(folder), receiptKeys, createFindings());
  if (statements === null) throw new Failure('answer-unsigned', { parcel });
  const { verdict, info, proved } = await createBeginningReader(createPartOpener(identities))(
    statements,
    folder,
    false,
  );
  if (verdict?.kind === 'not-for-us') throw new Failure('answer-not-for-us', { parcel });
  if (verdict?.kind !== 'plaintext' || info === null) throw new Failure('answer-beginning', { parcel });
  if (!proved) throw new Failure('answer-sender', { parcel });
  const recipient = info.replyRecipient;
  if (recipient === null || !isRecipient(recipient)) throw new Failure('answer-recipient', { parcel });
  return { mailbox: statements.opening.mailbox, recipient };
}

function isRecipient(text: string): boolean {
  try {
    parseRecipient(text);
    return true;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return false;
  }
}
