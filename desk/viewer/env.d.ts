/** What the build gives the page beyond the DOM library: style sheets. */

declare module '*.css';

declare module 'pdfjs-dist/build/pdf.worker.mjs';
