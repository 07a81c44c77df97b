/** The command table. */
import { backup } from './backup.ts';
import { bind } from './bind.ts';
import { card } from './card.ts';
import type { Command } from './command.ts';
import { conversation } from './conversation.ts';
import { extract } from './extract.ts';
import { identities } from './identities.ts';
import { init } from './init.ts';
import { join } from './join.ts';
import { list } from './list.ts';
import { open } from './open.ts';
import { passphrase } from './passphrase.ts';
import { prove } from './prove.ts';
import { reply } from './reply.ts';
import { report } from './report.ts';
import { retire } from './retire.ts';
import { root } from './root.ts';
import { rotate } from './rotate.ts';
import { split } from './split.ts';
import { team } from './team.ts';
import { verify } from './verify.ts';
import { verifyClipCommand } from './verify-clip.ts';
import { version } from './version.ts';

export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['init', init],
  ['card', card],
  ['root', root],
  ['rotate', rotate],
  ['retire', retire],
  ['team', team],
  ['passphrase', passphrase],
  ['backup', backup],
  ['split', split],
  ['join', join],
  ['identities', identities],
  ['list', list],
  ['verify', verify],
  ['extract', extract],
  ['conversation', conversation],
  ['open', open],
  ['reply', reply],
  ['report', report],
  ['bind', bind],
  ['prove', prove],
  ['verify-clip', verifyClipCommand],
  ['version', version],
]);
