/** How the desk's page is bundled: plain files of one origin, nothing inline; with POSTERN_VIEWER_SCRIPT one of the two scripts that draw PDFs. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const outDir = process.env['POSTERN_VIEWER_DIST'] ?? here('desk/viewer-dist');
// The desk's browser is the one of its system.
const always = { outDir, target: ['firefox140', 'chrome140'], sourcemap: false, reportCompressedSize: false };

const page = defineConfig({
  root: here('desk/viewer'),
  base: '/',
  publicDir: 'public',
  plugins: [react()],
  build: { ...always, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});

/** What runs in the frame has no origin, and so may load no module: each is one plain script. */
const script = (name: string, entry: string) =>
  defineConfig({
    root: here('desk/viewer'),
    publicDir: false,
    build: {
      ...always,
      emptyOutDir: false,
      lib: { entry: here(entry), formats: ['iife'], name: 'script', fileName: () => `${name}.js` },
    },
  });

const SCRIPTS: Readonly<Record<string, string>> = {
  frame: 'desk/viewer/pdf/frame.ts',
  'pdf-worker': 'desk/viewer/pdf/worker.ts',
};
const wanted = process.env['POSTERN_VIEWER_SCRIPT'] ?? '';
const entry = SCRIPTS[wanted];

export default entry === undefined ? page : script(wanted, entry);
