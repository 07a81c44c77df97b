/** The table of the operator's commands. */
import { backup } from './backup.ts';
import type { Command } from './command.ts';
import { courier } from './courier.ts';
import { fsck } from './fsck.ts';
import { restore } from './restore.ts';
import { stats } from './stats.ts';

export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['backup', backup],
  ['courier', courier],
  ['fsck', fsck],
  ['restore', restore],
  ['stats', stats],
]);
