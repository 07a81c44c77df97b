/** The look of a printed sheet. */
export const SHEET_STYLE = `
@page { size: A4; margin: 0 }
* { box-sizing: border-box }
body { margin: 0; background: #fff; color: #000; font: 10.5pt/1.4 sans-serif }
section { position: relative; width: 210mm; height: 297mm; padding: 16mm 18mm 20mm; overflow: hidden; break-after: page }
h1 { margin: 0 0 5mm; font-size: 18pt; line-height: 1.2 }
h2 { margin: 6mm 0 2mm; font-size: 12.5pt }
p { margin: 0 0 3mm }
dl { display: grid; grid-template-columns: 38mm 1fr; gap: 1.2mm 4mm; margin: 0 0 5mm }
dt { color: #333 }
dd { margin: 0; overflow-wrap: anywhere }
pre { margin: 0; font: 9.6pt/1.45 monospace; white-space: pre }
code { font: 9.6pt monospace }
.codes { display: grid; grid-template-columns: repeat(2, 76mm); gap: 4mm 10mm; margin: 2mm 0 4mm }
figure { margin: 0 }
figure svg { display: block; width: 72mm; height: 72mm }
figcaption { font-size: 9pt; text-align: center; width: 72mm }
footer { position: absolute; right: 18mm; bottom: 10mm; left: 18mm; border-top: 0.3mm solid #000; padding-top: 1.5mm; font-size: 9pt }
@media screen { section { margin: 0 auto 8mm; outline: 0.3mm solid #999 } }
`;
