/** A look into a parcel without reading all of it: the statements, and its first part, where bag-info and message stand. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { openedParts } from '../../shared/statements/opening.ts';
import { createBadParts } from './bad-parts.ts';
import type { createBeginningReader } from './beginning.ts';
import { parcelFolder, readEnvelopeText } from './bundle.ts';
import type { Bundle } from './bundle.ts';
import { needsLook } from './examine.ts';
import { createFindings } from './findings.ts';
import type { Findings } from './findings.ts';
import { checkStatements } from './statements.ts';

/** What is shown of a parcel before it is verified. */
export interface Preview {
  readonly parcel: string;
  /** `sealed` says only that a good seal is there. */
  readonly state: 'sealed' | 'unfinished' | 'damaged' | 'not-for-us';
  /** Public key that signed the opening, base64url; null when that does not hold. */
  readonly mailbox: string | null;
  /** True when the first part is as it was signed, and the bag in it names the same key and parcel: then the message is this source's. */
  readonly proved: boolean;
  /** The day on which the source began it, by the source's own clock. */
  readonly begun: string | null;
  /** Bytes of the padded stream. */
  readonly size: number | null;
  readonly received: string | null;
  readonly parts: { readonly total: number; readonly stated: number };
  /** Number of files that the bag announces, the message not counted. */
  readonly files: number | null;
  /** Its beginning, or all of it. */
  readonly message: { readonly text: string; readonly whole: boolean } | null;
  readonly findings: Findings;
}

/** Looks into a parcel. With `whole` its message is read to the end. */
export async function previewParcel(
  parcel: string,
  {
    bundle,
    receiptKeys,
    readBeginning,
    whole,
  }: {
    bundle: Pick<Bundle, 'folder'>;
    receiptKeys: readonly Uint8Array[];
    readBeginning: ReturnType<typeof createBeginningReader>;
    whole: boolean;
  },
): Promise<Preview> {
  const findings = createFindings();
  const folder = parcelFolder(bundle, parcel);
  const statements = await checkStatements(parcel, await readEnvelopeText(folder), receiptKeys, findings);
  if (statements === null) {
    return {
      parcel,
      state: 'damaged',
      mailbox: null,
      proved: false,
      begun: null,
      size: null,
      received: null,
      parts: { total: 0, stated: 0 },
      files: null,
      message: null,
      findings,
    };
  }
  const mailbox = toBase64Url(statements.opening.mailbox);
  const { verdict, info, proved, message } = await readBeginning(statements, folder, whole);
  if (verdict !== null) {
    const parts = createBadParts();
    parts.add(0, verdict);
    await parts.tell(statements.parts, () => Promise.resolve(null), findings);
  }
  const path = 'bag-info.txt';
  if (info === null && verdict?.kind === 'plaintext') findings.add('bag-tag-malformed', { path });
  if (info !== null && info.parcel !== parcel) findings.add('bag-parcel-differs', { path });
  if (info !== null && info.sender !== mailbox) findings.add('bag-sender-differs', { path });
  const foreign = verdict?.kind === 'not-for-us';
  return {
    parcel,
    state: foreign ? 'not-for-us' : needsLook(findings) ? 'damaged' : statements.sealed ? 'sealed' : 'unfinished',
    mailbox,
    proved,
    begun: info?.day ?? null,
    size: statements.opening.size,
    received: statements.received,
    parts: { total: openedParts(statements.opening), stated: statements.parts.size },
    files: info === null ? null : info.payloadFiles - (message === null ? 0 : 1),
    message,
    findings,
  };
}
