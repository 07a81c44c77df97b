/** Typing sheets at the terminal, line by line: what is mistyped is said at once, and only that line is typed again. */
import type { Ask } from '../commands/command.ts';
import { Failure } from '../failure.ts';
import { labelOf, parseLine } from './paper-lines.ts';
import type { LineKind, PaperLine } from './paper-lines.ts';
import { parseShare, parseWhole } from './paper-records.ts';
import type { Share, Whole } from './paper-records.ts';
import { isShareWhole, record, wholeLineCount } from './read-paper.ts';

/** Asks for as many shares as are needed and then for the whole. Failures `paper-stopped`, `paper-damaged`. */
export async function typePaper(
  ask: Ask,
  warn: (line: string) => void,
): Promise<{ shares: readonly Share[]; whole: Whole }> {
  const line = async (kind: LineKind, number: number): Promise<PaperLine> => {
    for (;;) {
      const typed = await ask(`${labelOf({ kind, number })}: `, 'shown');
      if (typed === null) throw new Failure('paper-stopped');
      const label = labelOf({ kind, number });
      const parsed = parseLine(typed.trim().toUpperCase().startsWith(label) ? typed.trim() : `${label}${typed}`);
      if (parsed !== null) return parsed;
      warn('The check letters do not fit. Compare the line with the sheet, and type it again.');
    }
  };
  const shares: Share[] = [];
  while (shares.length === 0 || shares.length < shares[0]!.needed) {
    warn(shares.length === 0 ? 'Type the S lines of the first sheet.' : 'Type the S lines of the next sheet.');
    const lines: PaperLine[] = [];
    do lines.push(await line('S', lines.length + 1));
    while (!isShareWhole(lines) && lines.length < 3);
    const share = record(lines, parseShare);
    if (shares.some(({ sheet }) => sheet === share.sheet)) warn('That sheet was typed already.');
    else shares.push(share);
  }
  warn('Now the W lines, from any one sheet.');
  const lines = [await line('W', 1)];
  const count = wholeLineCount(lines[0]!);
  while (lines.length < count) lines.push(await line('W', lines.length + 1));
  return { shares, whole: record(lines, parseWhole) };
}
