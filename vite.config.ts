/** How the client is bundled: plain files from one origin, nothing inline, so that the strictest Content-Security-Policy holds. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('client'),
  base: '/',
  publicDir: 'public',
  plugins: [react()],
  define: { 'import.meta.env.POSTERN_ROOT_KEY': JSON.stringify(process.env['POSTERN_ROOT_KEY'] ?? '') },
  worker: { format: 'es' },
  build: {
    outDir: process.env['POSTERN_CLIENT_DIST'] ?? here('client/dist'),
    emptyOutDir: true,
    // Tor Browser is Firefox ESR 140.
    target: ['firefox140', 'chrome140'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
});
