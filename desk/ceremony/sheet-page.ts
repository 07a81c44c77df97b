/** The sheets as a page to print: A4, black on white, one file that loads nothing and runs nothing. Scanned or typed, the same lines come back. */
import encodeQR from 'qr';
import { printable } from '../terminal/printable.ts';
import { codesOf, formatLine } from './paper-lines.ts';
import type { PaperLine } from './paper-lines.ts';
import { setName } from './paper-records.ts';
import type { Sheet } from './sheets.ts';
import { SHEET_STYLE } from './sheet-style.ts';

/** What stands at the head of every page. */
export interface SheetHead {
  readonly organisation: string;
  readonly day: string;
  /** Fingerprint of the root key in words. */
  readonly words: string;
}

const CODES_ON_PAGE = 6;
const LINES_ON_PAGE = 56;

/** The page with one sheet, which may be several sides. */
export function sheetPage(sheet: Sheet, head: SheetHead): string {
  const { share } = sheet;
  const codes = codesOf(sheet.wholeLines);
  const sides = [
    firstSide(sheet, head),
    ...chunks(codes, CODES_ON_PAGE).map(
      (some, i) =>
        `<h2>All keys, encrypted: QR codes</h2><p>The same on every sheet of this set. Scan all ${codes.length}, in any order.</p><div class="codes">${some
          .map((code, j) => figure(code, `W ${i * CODES_ON_PAGE + j + 1} of ${codes.length}`))
          .join('')}</div>`,
    ),
    ...chunks(sheet.wholeLines, LINES_ON_PAGE).map(
      (some) =>
        `<h2>All keys, encrypted: the same as letters</h2><p>Only where the codes cannot be scanned. Each line ends in four check letters.</p>${lines(some)}`,
    ),
  ];
  const title = `${titleOf(sheet)}, ${head.organisation}`;
  const foot = (i: number) =>
    `<footer>Set ${setName(share.set)} · sheet ${share.sheet} of ${share.total} · ${head.day} · page ${i + 1} of ${sides.length}</footer>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escape(title)}</title><style>${SHEET_STYLE}</style></head><body>${sides.map((side, i) => `<section>${side}${foot(i)}</section>`).join('')}</body></html>\n`;
}

function firstSide(sheet: Sheet, { organisation, day, words }: SheetHead): string {
  const { share, shareLines } = sheet;
  const others = share.needed - 1;
  const what =
    share.needed === 1
      ? '<strong>Whoever has this sheet has every key of the organisation</strong> and can read all that sources send. Keep it as you would keep the keys themselves.'
      : `<strong>Any ${share.needed} of the ${share.total} sheets of this set restore every key of the organisation.</strong> This sheet alone, and any ${others === 1 ? 'one' : others} alone, tells nothing. Keep the sheets with different people, in different places.`;
  const [code] = codesOf(shareLines);
  return `<h1>${escape(titleOf(sheet))}</h1>
<dl><dt>Organisation</dt><dd>${escape(printable(organisation))}</dd><dt>Made on</dt><dd>${day}</dd><dt>Set</dt><dd>${setName(share.set)}</dd>
<dt>Sheet</dt><dd>${share.sheet} of ${share.total}</dd><dt>Root key, in words</dt><dd>${words}</dd></dl>
<p>${what}</p>
<h2>${share.needed === 1 ? 'The secret' : 'The share'}</h2>
<div class="codes">${figure(code!, `S: sheet ${share.sheet}`)}</div>${lines(shareLines)}
<h2>To restore</h2>
<p>On a machine without network: <code>desk join NEW-FOLDER</code> asks for the lines one by one; or scan the codes of ${share.needed === 1 ? 'this sheet' : `${share.needed} sheets`} into a text file and run <code>desk join NEW-FOLDER FILE</code>. Afterwards compare the words above with those it shows. Nothing secret may go through a telephone or a machine with a network.</p>`;
}

function titleOf({ share }: Sheet): string {
  return share.needed === 1 ? 'Backup of the keys' : `Backup of the keys: share ${share.sheet} of ${share.total}`;
}

function figure(text: string, caption: string): string {
  const svg = encodeQR(text, 'svg', { ecc: 'medium', encoding: 'alphanumeric', border: 4 });
  return `<figure>${svg}<figcaption>${caption}</figcaption></figure>`;
}

function lines(some: readonly PaperLine[]): string {
  return `<pre>${some.map((line) => formatLine(line)).join('\n')}</pre>`;
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
