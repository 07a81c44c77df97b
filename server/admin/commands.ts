/** The table of the operator's commands. */
import type { Command } from './command.ts';
import { courier } from './courier.ts';
import { fsck } from './fsck.ts';
import { stats } from './stats.ts';

export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['courier', courier],
  ['fsck', fsck],
  ['stats', stats],
]);
