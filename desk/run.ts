/** One call of the desk: words in, exit code and text for stdout out. main.ts is the process around it. */
import { COMMANDS } from './commands/commands.ts';
import type { DeskContext, ExitCode, Outcome } from './commands/command.ts';
import { parseOptions } from './commands/options.ts';
import { Failure } from './failure.ts';
import { printable, printableJson } from './terminal/printable.ts';
import { failureText, HELP, helpFor } from './text.ts';

const USAGE = new Set<string>([
  'usage',
  'anchor-double',
  'anchor-missing',
  'root-anchor',
  'command-unknown',
  'option-unknown',
  'option-twice',
  'option-empty',
  'option-missing',
  'option-number',
  'operands',
  'operands-none',
  'organisation-name',
  'proof-range',
  'receipt-key',
  'root-key',
  'role',
  'share-numbers',
  'team-desk-key',
  'team-init',
  'team-name',
  'team-usage',
  'viewer-port',
]);

const PASSPHRASE_FILE = '--passphrase-file';

/** What goes to stdout, what to stderr, and the exit code. */
export interface RunResult {
  readonly exit: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `desk ARGS…`. Never throws a Failure; anything else thrown is a mistake of ours. */
export async function runDesk(args: readonly string[], context: DeskContext): Promise<RunResult> {
  const cut = args.indexOf('--');
  const json = args.slice(0, cut < 0 ? undefined : cut).includes('--json');
  const [name, ...rest] = args.filter((arg, i) => arg !== '--json' || (cut >= 0 && i > cut));
  try {
    const { others, passphraseFile } = takePassphraseFile(rest);
    const outcome = await dispatch(name, others, passphraseFile === null ? context : { ...context, passphraseFile });
    return {
      exit: outcome.exit,
      stdout: json ? toJson({ command: name, exit: outcome.exit, ...outcome.json }) : outcome.text,
      stderr: '',
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const exit = USAGE.has(error.code) ? 2 : 3;
    const text = failureText(error, name);
    if (!json)
      return {
        exit,
        stdout: '',
        stderr: `desk: ${text.sentence}\n${text.hint === null ? '' : `hint: ${text.hint}\n`}`,
      };
    return { exit, stdout: toJson({ command: name ?? null, exit, error: { code: error.code, ...text } }), stderr: '' };
  }
}

/** `--passphrase-file FILE`, which every command takes. Failures `option-empty`, `option-twice`. */
function takePassphraseFile(args: readonly string[]): { others: readonly string[]; passphraseFile: string | null } {
  const others: string[] = [];
  let passphraseFile: string | null = null;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') return { others: [...others, ...args.slice(i)], passphraseFile };
    const [name, value] = arg.startsWith(`${PASSPHRASE_FILE}=`)
      ? [PASSPHRASE_FILE, arg.slice(PASSPHRASE_FILE.length + 1)]
      : [arg, args[i + 1]];
    if (name !== PASSPHRASE_FILE) {
      others.push(arg);
      continue;
    }
    if (passphraseFile !== null) throw new Failure('option-twice', { option: 'passphrase-file' });
    if (value === undefined || value === '') throw new Failure('option-empty', { option: 'passphrase-file' });
    passphraseFile = value;
    if (arg === PASSPHRASE_FILE) i++;
  }
  return { others, passphraseFile };
}

async function dispatch(name: string | undefined, args: readonly string[], context: DeskContext): Promise<Outcome> {
  if (name === 'help' || isHelp(name) || args.some(isHelp)) {
    const about = [name, ...args].find((word) => word !== 'help' && !isHelp(word));
    const help = about === undefined ? HELP : helpFor(about);
    if (help === undefined) throw new Failure('command-unknown', { name: about! });
    const { calledAs } = context;
    const text =
      calledAs === undefined
        ? help
        : `${help}\nWhere this says desk, type the path of this file, as in ./${printable(calledAs)}.\n`;
    return { exit: 0, text, json: { help: text } };
  }
  if (name === undefined) throw new Failure('usage');
  const load = COMMANDS.get(name === '--version' ? 'version' : name);
  if (!load) throw new Failure('command-unknown', { name });
  const command = await load();
  return command.run(parseOptions(command, args), context);
}

function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h';
}

function toJson(value: Readonly<Record<string, unknown>>): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}
