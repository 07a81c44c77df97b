/** The readable report as one HTML file: no script, nothing from elsewhere, and it prints well. */
import type { Block, Section } from './report-page.ts';

const STYLE = `
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid #999; }
h3 { font-size: 1rem; margin: 1.2rem 0 0.2rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: 12rem 1fr; gap: 0.1rem 1rem; margin: 0.3rem 0 1rem; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; unicode-bidi: isolate; }
pre { background: #f2f2f2; padding: 0.5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.warning { border: 2px solid #a03000; padding: 0.5rem; }
.sign { margin: 2.2rem 0 0; border-top: 1px solid #1a1a1a; width: 24rem; max-width: 100%; padding-top: 0.2rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: 0.4rem; } }
@media print { body { font-size: 10pt; margin: 0; max-width: none; } h2, h3 { break-after: avoid; } dl, .warning { break-inside: avoid; } .new-page { break-before: page; } }
`;

/** The whole document. */
export function reportHtml(title: string, sections: readonly Section[]): string {
  const body = sections.map(
    (section) =>
      `<section${section.newPage ? ' class="new-page"' : ''}>\n<h2>${escape(section.title)}</h2>\n${section.blocks.map((block) => blockHtml(block)).join('\n')}\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(title)}</h1>
${body.join('\n')}
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  if (block.kind === 'text') return `<p>${escape(block.text)}</p>`;
  if (block.kind === 'warning') return `<p class="warning">${escape(block.text)}</p>`;
  if (block.kind === 'code') return `<pre>${escape(block.text)}</pre>`;
  if (block.kind === 'list') return `<ul>\n${block.lines.map((line) => `<li>${escape(line)}</li>`).join('\n')}\n</ul>`;
  if (block.kind === 'sign') return block.lines.map((line) => `<p class="sign">${escape(line)}</p>`).join('\n');
  const heading = block.title === null ? '' : `<h3><bdi>${escape(block.title)}</bdi></h3>\n`;
  return `${heading}<dl>\n${block.rows.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join('\n')}\n</dl>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
