/** The readable report as a PDF: one embedded font, nothing of the machine or its clock in it, so that the same report gives the same bytes. */
import PDFDocument from 'pdfkit';
import { asset } from '../assets.ts';
import { layOutByStretch, settable } from './pdf-text.ts';
import type { Font } from './pdf-text.ts';
import type { Block, Section } from './report-page.ts';

const FONT = 'report';
const [PLAIN, SMALL, HEADING, TITLE] = [9, 8, 13, 18] as const;
const [INK, GREY, RUST] = ['#1a1a1a', '#555555', '#a03000'] as const;
const LABEL_WIDTH = 120;
const MARGIN = 56;

type Pdf = InstanceType<typeof PDFDocument>;

/** The whole document. `made` is the only time in it. */
export async function reportPdf(title: string, sections: readonly Section[], made: Date): Promise<Uint8Array> {
  const font = Buffer.from(await asset('report-font'));
  const pdf = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    // Given here, so that it never looks for the files of its standard fonts.
    font: font as unknown as string,
    lang: 'en',
    displayTitle: true,
    bufferPages: true,
    info: { Title: title, Creator: 'Postern', Producer: 'Postern', CreationDate: made, ModDate: made },
  });
  const pieces: Uint8Array[] = [];
  const whole = new Promise<void>((resolve, reject) => {
    pdf
      .on('data', (piece: Uint8Array) => pieces.push(piece))
      .on('end', resolve)
      .on('error', reject);
  });
  pdf.registerFont(FONT, font).font(FONT);
  const { font: letters } = (pdf as unknown as { _font: { font: Font } })._font;
  layOutByStretch(letters);
  const set = (text: string): string => settable(text, letters);
  pdf.fontSize(TITLE).fillColor(INK).text(set(title));
  for (const { title: heading, newPage, blocks } of sections) {
    if (newPage || pdf.y > pdf.page.height - MARGIN - 80) pdf.addPage();
    pdf.moveDown(1).fontSize(HEADING).fillColor(INK).text(set(heading), MARGIN).moveDown(0.3);
    for (const block of blocks) addBlock(pdf, block, set);
  }
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(page);
    // Below the margin, where text would otherwise begin a new page.
    pdf.page.margins.bottom = 0;
    pdf
      .fontSize(SMALL)
      .fillColor(GREY)
      .text(`${page + 1} / ${count}`, MARGIN, pdf.page.height - 36, { lineBreak: false });
  }
  pdf.end();
  await whole;
  return new Uint8Array(Buffer.concat(pieces));
}

function addBlock(pdf: Pdf, block: Block, set: (text: string) => string): void {
  const width = pdf.page.width - 2 * MARGIN;
  pdf.fontSize(PLAIN).fillColor(INK);
  if (block.kind === 'text') pdf.text(set(block.text), MARGIN, pdf.y, { width }).moveDown(0.4);
  else if (block.kind === 'warning')
    pdf
      .fillColor(RUST)
      .text(set(`! ${block.text}`), MARGIN, pdf.y, { width })
      .moveDown(0.4);
  else if (block.kind === 'code')
    pdf
      .fontSize(SMALL)
      .text(set(block.text), MARGIN + 12, pdf.y, { width: width - 12 })
      .moveDown(0.6);
  else if (block.kind === 'list')
    for (const line of block.lines)
      pdf.text(set(`\u2022 ${line}`), MARGIN + 8, pdf.y, { width: width - 8 }).moveDown(0.3);
  else if (block.kind === 'sign') {
    for (const line of block.lines) {
      pdf
        .moveDown(3)
        .moveTo(MARGIN, pdf.y)
        .lineTo(MARGIN + 280, pdf.y)
        .lineWidth(0.5)
        .stroke(INK);
      pdf.moveDown(0.2).fillColor(GREY).text(line, MARGIN, pdf.y, { width });
    }
  } else {
    const rows = block.rows.map(([name, value]) => [name, set(value)] as const);
    const title = block.title === null ? null : set(block.title);
    const bottom = pdf.page.height - MARGIN;
    // What fits on a page is not torn.
    const height = blockHeight(pdf, title, rows, width);
    if (pdf.y + height > bottom && height < bottom - MARGIN) pdf.addPage();
    if (title !== null) pdf.fontSize(PLAIN).moveDown(0.3).text(title, MARGIN, pdf.y, { width });
    for (const [name, value] of rows) addRow(pdf, name, value, width);
    pdf.moveDown(0.4);
  }
}

function blockHeight(
  pdf: Pdf,
  title: string | null,
  rows: readonly (readonly [string, string])[],
  width: number,
): number {
  const head = title === null ? 0 : pdf.fontSize(PLAIN).heightOfString(title, { width }) + PLAIN;
  pdf.fontSize(SMALL);
  return rows.reduce((sum, [name, value]) => sum + rowHeight(pdf, name, value, width), head);
}

function rowHeight(pdf: Pdf, name: string, value: string, width: number): number {
  return Math.max(
    pdf.heightOfString(name, { width: LABEL_WIDTH - 8 }),
    pdf.heightOfString(value, { width: width - LABEL_WIDTH }),
  );
}

function addRow(pdf: Pdf, name: string, value: string, width: number): void {
  pdf.fontSize(SMALL);
  if (pdf.y + rowHeight(pdf, name, value, width) > pdf.page.height - MARGIN) pdf.addPage();
  const { y } = pdf;
  pdf.fillColor(GREY).text(name, MARGIN, y, { width: LABEL_WIDTH - 8 });
  const below = pdf.y;
  pdf.fillColor(INK).text(value, MARGIN + LABEL_WIDTH, y, { width: width - LABEL_WIDTH });
  pdf.y = Math.max(pdf.y, below);
  pdf.x = MARGIN;
}
