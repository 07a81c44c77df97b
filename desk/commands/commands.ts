/** The command table. Each command is loaded only when it is run: `open` stays for hours, and must not hold what the others need. */
import type { Command } from './command.ts';

export const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['init', async () => (await import('./init.ts')).init],
  ['card', async () => (await import('./card.ts')).card],
  ['root', async () => (await import('./root.ts')).root],
  ['rotate', async () => (await import('./rotate.ts')).rotate],
  ['retire', async () => (await import('./retire.ts')).retire],
  ['team', async () => (await import('./team.ts')).team],
  ['passphrase', async () => (await import('./passphrase.ts')).passphrase],
  ['backup', async () => (await import('./backup.ts')).backup],
  ['split', async () => (await import('./split.ts')).split],
  ['join', async () => (await import('./join.ts')).join],
  ['identities', async () => (await import('./identities.ts')).identities],
  ['list', async () => (await import('./list.ts')).list],
  ['verify', async () => (await import('./verify.ts')).verify],
  ['extract', async () => (await import('./extract.ts')).extract],
  ['conversation', async () => (await import('./conversation.ts')).conversation],
  ['open', async () => (await import('./open.ts')).open],
  ['reply', async () => (await import('./reply.ts')).reply],
  ['report', async () => (await import('./report.ts')).report],
  ['bind', async () => (await import('./bind.ts')).bind],
  ['prove', async () => (await import('./prove.ts')).prove],
  ['verify-clip', async () => (await import('./verify-clip.ts')).verifyClipCommand],
  ['version', async () => (await import('./version.ts')).version],
]);
