/** The command line and the environment, read strictly into one of the courier's commands. */
import { parseArgs } from 'node:util';
import { Halt } from './halt.ts';

/** Where the server is, who asks, and how patiently. */
export interface ServerArguments {
  readonly server: URL;
  readonly keyFile: string;
  readonly lanes: number;
  readonly patienceMs: number;
}

export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'enrol'; readonly file: string; readonly label: string }
  | (ServerArguments & { readonly name: 'pull' | 'push'; readonly bundle: string })
  | (ServerArguments & {
      readonly name: 'delete';
      /** Ids or beginnings of ids, each once. */
      readonly parcels: readonly string[];
      readonly yes: boolean;
    })
  | (ServerArguments & { readonly name: 'checkpoint'; readonly bundle: string; readonly root: string | null })
  | { readonly name: 'answer'; readonly bundle: string; readonly answer: string }
  | (ServerArguments & { readonly name: 'status' });

const OPTIONS = {
  answer: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  key: { type: 'string' },
  label: { type: 'string' },
  lanes: { type: 'string' },
  patience: { type: 'string' },
  root: { type: 'string' },
  server: { type: 'string' },
  yes: { type: 'boolean' },
} as const;

/** The options that each command knows; any other is refused. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  help: [],
  enrol: ['label'],
  pull: ['server', 'key', 'lanes', 'patience'],
  push: ['server', 'key', 'lanes', 'patience'],
  checkpoint: ['server', 'key', 'patience', 'root', 'answer'],
  delete: ['server', 'key', 'patience', 'yes'],
  status: ['server', 'key', 'patience'],
};

type Environment = Readonly<Record<string, string | undefined>>;

/** True when the answer is to be JSON, also where the rest of the line is wrong. */
export function wantsJson(args: readonly string[]): boolean {
  return args.includes('--json');
}

/** The command meant by the arguments. Halt `usage`. */
export function parseCommand(args: readonly string[], env: Environment): Command {
  const { values, positionals } = read(args);
  const [name = 'help', ...targets] = positionals;
  if (values.help === true) return { name: 'help' };
  const known = KNOWN[name];
  if (known === undefined) throw usage(`There is no command “${name}”.`);
  for (const option of Object.keys(values)) {
    if (option !== 'json' && !known.includes(option)) throw usage(`“${name}” has no option --${option}.`);
  }
  switch (name) {
    case 'enrol':
      return { name, file: onlyOne(targets, 'file for the key'), label: checkLabel(values.label ?? 'courier') };
    case 'pull':
    case 'push':
      return { name, bundle: onlyOne(targets, 'folder for the bundle'), ...readServer(values, env) };
    case 'checkpoint': {
      const bundle = onlyOne(targets, 'folder for the bundle');
      if (values.answer !== undefined) return { name: 'answer', bundle, answer: checkAnswer(values) };
      return { name, bundle, root: checkRoot(values.root), ...readServer(values, env) };
    }
    case 'delete':
      return { name, parcels: checkParcels(targets), yes: values.yes === true, ...readServer(values, env) };
    case 'status':
      if (targets.length > 0) throw usage('“status” takes options only.');
      return { name, ...readServer(values, env) };
    default:
      return { name: 'help' };
  }
}

function readServer(values: ReturnType<typeof read>['values'], env: Environment): ServerArguments {
  return {
    server: checkServer(values.server ?? env['POSTERN_STAFF_URL']),
    keyFile: checkKey(values.key ?? env['POSTERN_COURIER_KEY']),
    lanes: checkNumber(values.lanes ?? '4', 'lanes', 1, 16),
    patienceMs: checkNumber(values.patience ?? '600', 'patience', 0, 1_000_000) * 1000,
  };
}

/** A file that somebody brings needs no server. */
function checkAnswer({ answer, server, key, patience, root }: ReturnType<typeof read>['values']): string {
  const others = [server, key, patience, root].filter((each) => each !== undefined);
  if (answer === undefined || answer === '' || others.length > 0)
    throw usage('With --answer FILE no other option goes.');
  return answer;
}

function checkRoot(text: string | undefined): string | null {
  if (text !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(text))
    throw usage('--root is a public key, 43 characters: “desk root DIR” prints it.');
  return text ?? null;
}

function onlyOne(targets: readonly string[], what: string): string {
  const [target] = targets;
  if (target === undefined || target === '' || targets.length > 1) throw usage(`Name one ${what}.`);
  return target;
}

function checkParcels(targets: readonly string[]): readonly string[] {
  const parcels = targets.map((target) => target.toLowerCase());
  if (parcels.length === 0) throw usage('Name the parcels that are to be deleted.');
  if (!parcels.every((parcel) => /^[0-9a-f]{8,32}$/.test(parcel))) {
    throw usage('A parcel is named by its id, or by at least the first 8 of its 32 digits.');
  }
  return [...new Set(parcels)];
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: rootJoined(args), options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split('. ')[0] ?? '') : '');
  }
}

/** `--root KEY` as one word: one key in 64 begins with a dash and would be refused. */
function rootJoined(args: readonly string[]): string[] {
  const at = args.indexOf('--root');
  const key = args[at + 1];
  return at < 0 || key === undefined ? [...args] : [...args.slice(0, at), `--root=${key}`, ...args.slice(at + 2)];
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
