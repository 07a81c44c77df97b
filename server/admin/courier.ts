/** `admin courier add|list|remove`: who of the staff may collect. */
import type { Command, Options, Outcome } from './command.ts';
import { courierOf } from './courier-key.ts';
import { editCouriers, readCouriers } from './couriers-file.ts';
import type { CourierLine } from './couriers-file.ts';
import { Halt } from './halt.ts';
import { usage } from './options.ts';
import { readSettings } from './site.ts';
import { countInWords } from './text.ts';

export const courier: Command = {
  operands: [1, 65],
  flags: [],
  values: [],
  async run({ operands }, effects) {
    const { data } = readSettings(effects);
    const [verb, ...rest] = operands;
    if (verb === 'list' && rest.length === 0) return listed(await readCouriers(data));
    if (verb === 'add' && rest.length > 0) return add(data, rest, effects.random);
    if (verb === 'remove' && rest.length > 0) return remove(data, rest.join(' '), effects.random);
    throw usage('Say “courier list”, “courier add KEY LABEL” or “courier remove KEY|LABEL”.');
  },
};

type Random = Parameters<Command['run']>[1]['random'];

async function add(data: string, words: Options['operands'], random: Random): Promise<Outcome> {
  const { key, label } = courierOf(words.join(' '));
  const fresh = await editCouriers(data, random, (lines) => {
    const there = lines.find((line) => line.key === key);
    if (there !== undefined && there.label !== label)
      throw new Halt('couriers', `This key is enrolled already, as “${there.label}”.`, 'Remove it first to rename it.');
    if (there === undefined && lines.some((line) => line.label === label))
      throw new Halt('couriers', `Another key is enrolled as “${label}”.`, 'Choose a label that tells them apart.');
    return there === undefined ? [...lines, { text: `${key} ${label}`, key, label }] : null;
  });
  const words_ = fresh ? `“${label}” may collect from now on.` : `“${label}” was enrolled already.`;
  return { finding: false, words: [words_], json: { key, label, added: fresh } };
}

async function remove(data: string, name: string, random: Random): Promise<Outcome> {
  let gone: CourierLine[] = [];
  await editCouriers(data, random, (lines) => {
    gone = lines.filter(({ key, label }) => key !== null && (key === name || label === name));
    const keys = new Set(gone.map(({ key }) => key));
    if (keys.size === 0)
      throw new Halt('couriers', 'No courier of this key or label is enrolled.', 'See “admin courier list”.');
    if (keys.size > 1) throw new Halt('couriers', 'Several couriers bear this label.', 'Name the one by its key.');
    return lines.filter(({ key }) => key === null || !keys.has(key));
  });
  const [{ key, label }] = gone as [CourierLine];
  return {
    finding: false,
    words: [`“${label}” may collect no more; sessions of this key have ended.`],
    json: { key, label, removed: true },
  };
}

function listed(lines: readonly CourierLine[]): Outcome {
  const couriers = lines.filter(({ key }) => key !== null);
  const strange = lines.filter(({ key, text }) => key === null && !/^\s*(?:#.*)?$/s.test(text)).length;
  const words = couriers.map(({ key, label }) => `${key}  ${label}`);
  if (couriers.length === 0) words.push('No courier is enrolled: nobody can collect.');
  if (strange > 0)
    words.push(
      `${countInWords(strange, 'line')} of couriers.txt ${strange === 1 ? 'names' : 'name'} nobody and ${strange === 1 ? 'is' : 'are'} passed over.`,
    );
  return {
    finding: strange > 0,
    words,
    json: { couriers: couriers.map(({ key, label }) => ({ key, label })), strange },
  };
}
