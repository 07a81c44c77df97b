/** Reading the words after `desk COMMAND`: strict, each option at most once unless its command says otherwise. */
import { Failure } from '../failure.ts';
import type { Command, Options } from './command.ts';

/** Splits arguments into operands and options as `command` declares them. Failure `usage`. */
export function parseOptions(command: Command, args: readonly string[]): Options {
  const operands: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    if (!arg.startsWith('--')) throw new Failure('option-unknown', { option: arg });
    const equals = arg.indexOf('=');
    const name = arg.slice(2, equals < 0 ? undefined : equals);
    if (command.flags.includes(name) && equals < 0) {
      if (flags.has(name)) throw new Failure('option-twice', { option: name });
      flags.add(name);
    } else if (command.values.includes(name) || command.lists?.includes(name) === true) {
      const value = equals < 0 ? args[++i] : arg.slice(equals + 1);
      if (value === undefined || value === '') throw new Failure('option-empty', { option: name });
      if (command.lists?.includes(name) === true) {
        lists.set(name, [...(lists.get(name) ?? []), value]);
        continue;
      }
      if (values.has(name)) throw new Failure('option-twice', { option: name });
      values.set(name, value);
    } else throw new Failure('option-unknown', { option: `--${name}` });
  }
  if (command.operands === 0 && operands.length > 0) throw new Failure('operands-none');
  if (operands.length < command.operands || (operands.length > command.operands && command.more !== true))
    throw new Failure('operands');
  const absent = command.required.find((name) => !values.has(name));
  if (absent !== undefined) throw new Failure('option-missing', { option: absent });
  return { operands, flags, values, lists };
}

/** A whole number from `least` to `most`, or `otherwise` when the option is absent. Failure `option-number`. */
export function numberOption(
  options: Options,
  name: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const text = options.values.get(name);
  if (text === undefined) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new Failure('option-number', { option: name, least, most });
  return value;
}
