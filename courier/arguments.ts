/** The command line and the environment, read strictly into one of the courier's commands. */
import { parseArgs } from 'node:util';
import { Halt } from './halt.ts';

export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'enrol'; readonly file: string; readonly label: string }
  | {
      readonly name: 'pull';
      readonly bundle: string;
      readonly server: URL;
      readonly keyFile: string;
      readonly lanes: number;
      readonly patienceMs: number;
    };

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  key: { type: 'string' },
  label: { type: 'string' },
  lanes: { type: 'string' },
  patience: { type: 'string' },
  server: { type: 'string' },
} as const;

/** The options that each command knows; any other is refused. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  help: [],
  enrol: ['label'],
  pull: ['server', 'key', 'lanes', 'patience'],
};

type Environment = Readonly<Record<string, string | undefined>>;

/** True when the answer is to be JSON, also where the rest of the line is wrong. */
export function wantsJson(args: readonly string[]): boolean {
  return args.includes('--json');
}

/** The command meant by the arguments. Halt `usage`. */
export function parseCommand(args: readonly string[], env: Environment): Command {
  const { values, positionals } = read(args);
  const [name = 'help', target, ...rest] = positionals;
  if (values.help === true) return { name: 'help' };
  const known = KNOWN[name];
  if (known === undefined) throw usage(`There is no command “${name}”.`);
  for (const option of Object.keys(values)) {
    if (option !== 'json' && !known.includes(option)) throw usage(`“${name}” has no option --${option}.`);
  }
  if (name === 'help') return { name };
  if (target === undefined || target === '' || rest.length > 0) {
    throw usage(name === 'enrol' ? 'Name one file for the key.' : 'Name one folder for the bundle.');
  }
  if (name === 'enrol') return { name, file: target, label: checkLabel(values.label ?? 'courier') };
  return {
    name: 'pull',
    bundle: target,
    server: checkServer(values.server ?? env['POSTERN_STAFF_URL']),
    keyFile: checkKey(values.key ?? env['POSTERN_COURIER_KEY']),
    lanes: checkNumber(values.lanes ?? '4', 'lanes', 1, 16),
    patienceMs: checkNumber(values.patience ?? '600', 'patience', 0, 1_000_000) * 1000,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split('. ')[0] ?? '') : '');
  }
}

function checkServer(text: string | undefined): URL {
  if (text === undefined || text === '') throw usage('Say which server: --server URL or POSTERN_STAFF_URL.');
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!plain || !['http:', 'https:'].includes(url.protocol)) {
    throw usage('The server’s address must be a plain http:// or https:// address.');
  }
  return url;
}

function checkKey(file: string | undefined): string {
  if (file === undefined || file === '') throw usage('Say which key: --key FILE or POSTERN_COURIER_KEY.');
  return file;
}

function checkLabel(label: string): string {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(label)) {
    throw usage('A label is up to 64 letters, digits, spaces, dots, dashes.');
  }
  return label;
}

function checkNumber(text: string, option: string, least: number, most: number): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw usage(`--${option} is a whole number from ${least} to ${most}.`);
  return value;
}

function usage(sentence: string): Halt {
  return new Halt('usage', sentence, '“courier help” shows all commands.');
}
