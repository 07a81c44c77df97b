/** `desk open`: the viewer, as two processes; this one holds the keys and opens no socket. */
import { openViewer } from '../viewer-server/open-viewer.ts';
import type { Command } from './command.ts';
import { openCase } from './open-case.ts';

export const open: Command = {
  operands: 1,
  flags: [],
  values: ['keys', 'cases', 'port', 'exchange', 'role', 'lock'],
  required: ['keys'],
  async run(options, context) {
    return openViewer(await openCase(options, context), options, context);
  },
};
