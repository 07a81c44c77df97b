/** Reading the words after `admin COMMAND`: strict, each option at most once. Options have two dashes: a courier's key may begin with one. */
import type { Command, Options } from './command.ts';
import { Halt } from './halt.ts';

/** The end of a run that was asked for wrongly. */
export function usage(sentence: string): Halt {
  return new Halt('usage', sentence, '“admin help” shows all commands.');
}

/** True when the answer is to be JSON, also where the rest of the line is wrong. */
export function wantsJson(args: readonly string[]): boolean {
  return args.includes('--json');
}

/** Splits arguments into operands and options as `command` declares them. Halt `usage`. */
export function parseOptions(command: Command, args: readonly string[]): Options {
  const operands: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg);
    if (match === null) {
      operands.push(arg);
      continue;
    }
    const [, name = '', given] = match;
    if (flags.has(name) || values.has(name)) throw usage(`--${name} stands there twice.`);
    if ([...command.flags, 'json'].includes(name) && given === undefined) flags.add(name);
    else if (command.values.includes(name)) values.set(name, given ?? args[++i] ?? '');
    else throw usage(`This command has no option --${name}.`);
    if (values.get(name) === '') throw usage(`--${name} needs a value.`);
  }
  const [least, most] = command.operands;
  if (operands.length < least) throw usage('Something is missing.');
  if (operands.length > most) throw usage('There is more than this command takes.');
  return { operands, flags, values, json: flags.has('json') };
}

/** `50M`, `300k`, `1000`: bytes a second, in powers of 1000; null when the option is absent. Halt `usage`. */
export function rateOption(options: Options, name: string): number | null {
  const text = options.values.get(name);
  if (text === undefined) return null;
  const match = /^([1-9]\d{0,11})([kMG]?)$/.exec(text);
  if (!match) throw usage(`--${name} is bytes a second, such as 500k, 50M or 1G.`);
  return Number(match[1]) * { '': 1, k: 1e3, M: 1e6, G: 1e9 }[match[2] as '' | 'k' | 'M' | 'G'];
}
