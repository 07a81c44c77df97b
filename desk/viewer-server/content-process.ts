/** The process that serves the viewer: it holds no identity, writes nothing, starts nothing, and ends with the one that started it. */
import { randomBytes } from 'node:crypto';
import { closeCage } from './cage.ts';
import { linkToParent } from './parent-link.ts';
import { serve } from './serve.ts';

closeCage();

// Ctrl-C is heard by both; the parent says what is to be done.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));

const { link, started } = linkToParent({
  send: (message) => void process.send!(message),
  onMessage: (take) => void process.on('message', take),
});

const report = (error: unknown): void => {
  const text = error instanceof Error ? (error.stack ?? error.message) : 'unknown';
  process.stderr.write(`desk: a mistake in this program: ${text}\n`);
};

void started
  .then((message) =>
    serve(message, {
      link,
      random: (length) => new Uint8Array(randomBytes(length)),
      clock: () => performance.now(),
      report,
    }),
  )
  .catch((error: unknown) => {
    report(error);
    process.exit(1);
  });
