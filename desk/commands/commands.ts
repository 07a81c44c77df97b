/** The command table. */
import { card } from './card.ts';
import type { Command } from './command.ts';
import { identities } from './identities.ts';
import { init } from './init.ts';
import { root } from './root.ts';

export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['init', init],
  ['card', card],
  ['root', root],
  ['identities', identities],
]);
