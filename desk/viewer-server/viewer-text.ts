/** What the viewer says at the terminal. */
import type { Examination } from '../case/examine.ts';
import type { SentReply } from '../keys/sent-reply.ts';
import { formatSize } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';

export const OPEN_HELP = `desk open BUNDLE --keys DIR [--cases DIR] [--exchange DIR] [--port N]
          [--role ROLE] [--lock MINUTES]

Shows the bundle in a browser of this machine: conversations, files, and footage that plays without ever being written out.
It serves on 127.0.0.1 alone, and prints an address that works once. Ctrl-C ends it. Nothing in the bundle is written but
replies in its outbox.

  --exchange DIR  the one folder that the page may export files to and take attachments from; without it, neither
  --port N        the port of the page (default: any that is free)
  --role ROLE     who acts, as the case log calls it: a role, never a name (default: staff)
  --lock MINUTES  end when nothing was asked for, and nothing played, for so long (default 30; 0: never)
`;

/** Once both processes are ready. */
export function addressText(address: string): string {
  return `Open this address in a browser on this machine; it works once, and for nobody else:

  ${address}

Use a browser profile that you use for nothing else. Ctrl-C ends the viewer; then nothing of it is left.`;
}

/** When the machine has swap. */
export function swapText(swaps: readonly string[]): string {
  const names = swaps.map((name) => printable(name)).join(', ');
  return `desk: this machine may write its memory to ${names}, and with it what you watch: turn swap off (swapoff -a), or be sure that it is encrypted`;
}

/** When a process that breaks down would be written out. */
export const CORE_TEXT =
  'desk: if this program breaks down, the system writes its memory to a file, and keys with it: end it, say "ulimit -c 0", and start it again';

/** After nobody had asked for anything for so long. */
export function lockedText(minutes: number): string {
  return `The viewer has ended: nothing was asked for in ${minutes} min. Nothing of it is left; start it again to go on, or choose with --lock.\n`;
}

export const ENDED_TEXT = 'The viewer has ended.\n';

/** After a reply was written: all of it, so that nobody can write one unnoticed. */
export function repliedText({ number, to, message, files }: SentReply, paths: readonly string[]): string {
  const attached = files.map(({ size }, i) => `\n  + ${printable(paths[i] ?? '')} (${formatSize(size)})`).join('');
  const lines = message.split('\n').map((line) => `\n  | ${printable(line)}`);
  return `From the page: reply ${number} to the source of ${to} was written${lines.join('')}${attached}`;
}

/** After a parcel was verified. */
export function verifiedText({ parcel, state }: Examination): string {
  return `From the page: ${parcel} was verified: ${state}`;
}

/** After files were written out. */
export function exportedText({ parcel }: Examination, folder: string | null): string {
  return `From the page: of ${parcel}, ${folder === null ? 'no file could be written' : `files were decrypted to ${printable(folder)}`}`;
}
