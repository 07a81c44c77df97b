/** Bundles the pages of the bench into a folder. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const HTML = `<!doctype html><meta charset=utf-8><title>bench</title>
<input id=file type=file><output id=time></output><script type=module src=/plain-page.js></script>`;

/** Builds `plain-page.js` and `ciphers-page.js` and writes `index.html`. */
export async function buildPages(folder: string): Promise<void> {
  for (const name of ['plain-page', 'ciphers-page']) {
    await build({
      configFile: false,
      logLevel: 'warn',
      build: {
        outDir: folder,
        emptyOutDir: false,
        target: 'es2024',
        rolldownOptions: {
          input: join(import.meta.dirname, `${name}.ts`),
          output: { entryFileNames: '[name].js', codeSplitting: false },
        },
      },
    });
  }
  await writeFile(join(folder, 'index.html'), HTML);
}
