/** The table of the operator's commands. */
import { backup } from './backup.ts';
import type { Command } from './command.ts';
import { courier } from './courier.ts';
import { fsck } from './fsck.ts';
import { gc } from './gc.ts';
import { log } from './log.ts';
import { restore } from './restore.ts';
import { retention } from './retention.ts';
import { stats } from './stats.ts';

export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['backup', backup],
  ['courier', courier],
  ['fsck', fsck],
  ['gc', gc],
  ['log', log],
  ['restore', restore],
  ['retention', retention],
  ['stats', stats],
]);
