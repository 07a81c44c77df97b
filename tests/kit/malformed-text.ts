/** What can be wrong with a text, a number, an address or a piece of JSON: drawn from a seeded chance. Each may bear a canary. */
import type { Seeded } from './seeded.ts';

const ODD_NUMBERS = ['', '-1', '0', '00', '+1', '1.5', '1e9', '0x10', ' 7', '٣', 'NaN', 'Infinity', '9007199254740993'];
const HUGE_NUMBERS = ['4294967296', '18446744073709551616', '9'.repeat(40), `1${'0'.repeat(400)}`];

/** What a number is not. */
export function oddNumber(chance: Seeded): string {
  return chance.pick(chance.percent(70) ? ODD_NUMBERS : HUGE_NUMBERS);
}

const PIECES = [
  '..',
  '.',
  '%2e%2e',
  '%2f',
  '%2F..%2f',
  '%5c',
  '%00',
  '%zz',
  '%',
  '%e0%80%af',
  '%c0%ae',
  '%252e',
  ';x',
  '~',
  '*',
];
const MORE = [
  'receipt.key',
  'etc/passwd',
  'blobs',
  '__proto__',
  'constructor',
  '?a=b&a=c',
  '?__proto__[x]=1',
  '#x',
  '-1',
  '1e5',
  '🜍',
  '%f0%9f%9c%8d',
];

/** An address near one that exists, bent here and there; it may hold the canary. */
export function oddPath(chance: Seeded, paths: readonly string[], canary: string): string {
  const steps = chance.pick(paths).split('/').slice(1);
  for (let bends = 1 + chance.int(3); bends > 0; bends--) {
    const at = chance.int(steps.length + 1);
    const piece = chance.percent(25) ? canary : chance.pick(chance.percent(60) ? PIECES : MORE);
    if (chance.percent(50)) steps.splice(at, chance.int(2), piece);
    else steps[Math.min(at, steps.length - 1)] = `${steps[Math.min(at, steps.length - 1)]}${piece}`;
  }
  if (chance.percent(3)) steps.push('a'.repeat(1 + chance.int(20_000)));
  const path = `${chance.percent(4) ? '//' : '/'}${steps.join(chance.percent(3) ? '//' : '/')}`;
  // The request line ends at a space, so an address holds none unless that is the fault.
  return chance.percent(2) ? `${path} x` : path.replaceAll(' ', '%20');
}

/** A text with something changed: cut, doubled, a character swapped, a line repeated, ends of line of another kind. */
export function bentText(chance: Seeded, text: string, canary: string): string {
  const at = chance.int(text.length + 1);
  const lines = text.split('\n');
  const line = chance.int(lines.length);
  switch (chance.int(9)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + canary + text.slice(at);
    case 2:
      return text.slice(0, at) + String.fromCharCode(chance.int(0x10000)) + text.slice(at + 1);
    case 3:
      return text + text;
    case 4:
      return lines.toSpliced(line, 0, lines[line]!).join('\n');
    case 5:
      return lines.toSpliced(line, 1).join('\n');
    case 6:
      return text.replaceAll('\n', chance.pick(['\r\n', '\r', ' ', '']));
    case 7:
      return text.replace(/\d+/, () => oddNumber(chance));
    default:
      return (
        chance.pick(['', canary, '\ufeff', '\0', 'x'.repeat(70_000), `${canary}\n\n— postern-mailbox AAAA\n`]) + text
      );
  }
}

/** JSON near a message with one text field `name`; sometimes not JSON at all. */
export function oddJson(chance: Seeded, name: string, note: string, canary: string): string {
  const odd = chance.pick<unknown>([null, true, 0, -1, 1e300, [], {}, [note], { [name]: note }, canary, '\ud800']);
  const texts: readonly (() => string)[] = [
    () => JSON.stringify({ [name]: odd }),
    () => JSON.stringify({ [name]: note, [canary]: canary }),
    () => JSON.stringify({ [`${name}x`]: note }),
    () => `{"${name}":${JSON.stringify(note)},"${name}":${JSON.stringify(canary)}}`,
    () => `{"__proto__":{"${canary}":1},"constructor":{"prototype":{}},"${name}":${JSON.stringify(note)}}`,
    () => JSON.stringify({ [name]: note }).slice(0, 1 + chance.int(60)),
    () => `${'['.repeat(1 + chance.int(5000))}${canary}`,
    () => JSON.stringify(odd),
    () => `\ufeff${JSON.stringify({ [name]: note })}`,
    () => `{"${name}":"\\u0000\\ud83d${canary}"}`,
    () => `{"${name}":1${'0'.repeat(chance.int(400))}}`,
    () => canary,
    () => '',
  ];
  return chance.pick(texts)();
}
