/** How the desk's page is bundled: plain files of one origin, nothing inline; with POSTERN_VIEWER_FRAME the script of the frame for PDFs. */
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

/** A frame without an origin may load no module, so this is one plain script. */
const frame = defineConfig({
  root: here('desk/viewer'),
  publicDir: false,
  build: {
    ...always,
    emptyOutDir: false,
    lib: { entry: here('desk/viewer/pdf/frame.ts'), formats: ['iife'], name: 'frame', fileName: () => 'frame.js' },
  },
});

export default process.env['POSTERN_VIEWER_FRAME'] === undefined ? page : frame;
