/** The thread in which a PDF is taken apart, as one plain script: a thread without an origin may be no module. */
import 'pdfjs-dist/build/pdf.worker.mjs';
