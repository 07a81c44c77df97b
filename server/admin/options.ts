/** Reading the words after `admin COMMAND`: strict, each option at most once. */
import { parseArgs } from 'node:util';
import type { Command, Options } from './command.ts';
import { Halt } from './halt.ts';

const HINT = '“admin help” shows all commands.';

/** The end of a run that was asked for wrongly. */
export function usage(sentence: string): Halt {
  return new Halt('usage', sentence, HINT);
}

/** True when the answer is to be JSON, also where the rest of the line is wrong. */
export function wantsJson(args: readonly string[]): boolean {
  const cut = args.indexOf('--');
  return args.slice(0, cut < 0 ? undefined : cut).includes('--json');
}

/** Splits arguments into operands and options as `command` declares them. Halt `usage`. */
export function parseOptions(command: Command, args: readonly string[]): Options {
  const { tokens } = read(command, args);
  const operands: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value } = token;
    if (flags.has(name) || values.has(name)) throw usage(`--${name} stands there twice.`);
    if (value === undefined) flags.add(name);
    else if (value === '') throw usage(`--${name} needs a value.`);
    else values.set(name, value);
  }
  const [least, most] = command.operands;
  if (operands.length < least) throw usage('Something is missing.');
  if (operands.length > most) throw usage('There is more than this command takes.');
  return { operands, flags, values, json: flags.has('json') };
}

function read({ flags, values }: Command, args: readonly string[]) {
  const options: Record<string, { type: 'boolean' | 'string' }> = { json: { type: 'boolean' } };
  for (const name of flags) options[name] = { type: 'boolean' };
  for (const name of values) options[name] = { type: 'string' };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true });
  } catch (error) {
    throw usage(error instanceof Error ? `${error.message.split('. ')[0]?.replace(/\.?$/, '.')}` : '');
  }
}

/** `50M`, `300k`, `1000`: bytes a second, in powers of 1000; null when the option is absent. Halt `usage`. */
export function rateOption(options: Options, name: string): number | null {
  const text = options.values.get(name);
  if (text === undefined) return null;
  const match = /^([1-9]\d{0,11})([kMG]?)$/.exec(text);
  if (!match) throw usage(`--${name} is bytes a second, such as 500k, 50M or 1G.`);
  return Number(match[1]) * { '': 1, k: 1e3, M: 1e6, G: 1e9 }[match[2] as '' | 'k' | 'M' | 'G'];
}
