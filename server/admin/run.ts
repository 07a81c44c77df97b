/** One call of the operator's program: a command line in, words or JSON and an exit code out. */
import { isProblem } from '../../shared/problem/problem.ts';
import { COMMANDS } from './commands.ts';
import type { Outcome } from './command.ts';
import type { Effects } from './effects.ts';
import { EXIT, Halt } from './halt.ts';
import type { ExitCode } from './halt.ts';
import { parseOptions, usage, wantsJson } from './options.ts';
import { harmless, HELP, jsonInWords } from './text.ts';

/** Runs one command to its end and gives the exit code. Throws only on a mistake in the program itself. */
export async function runAdmin(args: readonly string[], effects: Effects): Promise<ExitCode> {
  const { terminal, signal } = effects;
  const json = wantsJson(args);
  try {
    const { finding, words, ...outcome } = await runCommand(args, effects);
    for (const line of json ? [jsonInWords(outcome.json)] : words.map(harmless)) terminal.out(line);
    return finding ? EXIT.finding : EXIT.good;
  } catch (error) {
    const halt = signal.aborted ? new Halt('interrupted', 'Stopped.') : haltOf(error);
    if (json) terminal.out(jsonInWords({ error: halt.code, message: halt.message, hint: halt.hint }));
    else terminal.err(`admin: ${harmless(halt.message)}\n${halt.hint === null ? '' : `${halt.hint}\n`}`);
    return halt.exit;
  }
}

async function runCommand(args: readonly string[], effects: Effects): Promise<Outcome> {
  const [name = 'help', ...rest] = args[0] === '--json' ? args.slice(1) : args;
  if (['help', '--help', '-h'].includes(name) || rest.includes('--help'))
    return { finding: false, words: [HELP], json: { help: HELP } };
  const command = COMMANDS.get(name);
  if (command === undefined) throw usage(`There is no command “${name}”.`);
  return command.run(parseOptions(command, rest), effects);
}

/** What the stores say when they cannot be reached; a mistake of ours is thrown on. */
function haltOf(error: unknown): Halt {
  if (error instanceof Halt) return error;
  if (isProblem(error, 'database-away'))
    return new Halt('database', 'The database does not answer, or not in time.', 'Run the same command again later.');
  if (isProblem(error, 'storage-away'))
    return new Halt('storage', 'The store of blobs does not answer.', 'Run the same command again later.');
  throw error;
}
