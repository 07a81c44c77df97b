/** Sheets of a set with everything that is printed on them. */
import type { Random } from '../../shared/bytes/random.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { wordsOf } from '../keys/fingerprint.ts';
import { keysOf } from '../keys/key-content.ts';
import type { KeyContent } from '../keys/key-content.ts';
import { setName } from './paper-records.ts';
import { sheetPage } from './sheet-page.ts';
import { makeSheets } from './sheets.ts';
import type { Sheet } from './sheets.ts';

export interface PrintedSet {
  readonly sheets: readonly Sheet[];
  /** One page a sheet, as HTML. */
  readonly pages: readonly string[];
  readonly set: string;
  /** Fingerprint of the root key in words, as printed. */
  readonly words: string;
}

/** See above; any `needed` of `total` sheets restore everything. */
export async function sheetsOf(
  content: KeyContent,
  {
    needed,
    total,
    context,
  }: { needed: number; total: number; context: { readonly now: () => Date; readonly random: Random } },
): Promise<PrintedSet> {
  const { root } = await keysOf(content);
  const words = wordsOf(root.publicKey);
  const head = { organisation: content.organisation.name, day: dayOf(context.now()), words };
  const sheets = await makeSheets(content, { needed, total, random: context.random });
  return {
    sheets,
    pages: sheets.map((sheet) => sheetPage(sheet, head)),
    set: setName(sheets[0]!.share.set),
    words,
  };
}
