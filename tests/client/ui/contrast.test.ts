/** The colours of the tokens against each other, light and dark: WCAG 2.2 contrast, AAA for text, 3:1 for the borders of controls. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../../../client/ui/tokens.css', import.meta.url), 'utf8');
const pairs = new Map(
  Array.from(css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g), ([, name, light, dark]) => [
    name!,
    [light!, dark!] as const,
  ]),
);

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

test.each([
  ['ink', 'paper', 7],
  ['ink', 'surface', 7],
  ['ink', 'accent-ground', 7],
  ['ink', 'warning-ground', 7],
  ['ink', 'problem-ground', 7],
  ['ink-soft', 'paper', 7],
  ['ink-soft', 'surface', 7],
  ['accent', 'surface', 7],
  ['accent', 'paper', 7],
  ['on-accent', 'accent', 7],
  ['on-accent', 'accent-strong', 7],
  ['warning', 'warning-ground', 7],
  ['problem', 'problem-ground', 7],
  ['problem', 'paper', 7],
  ['line-strong', 'paper', 3],
  ['line-strong', 'surface', 3],
  ['wall', 'paper', 3],
])('%s on %s is at least %d to 1, light and dark', (front, ground, least) => {
  for (const scheme of [0, 1] as const) {
    expect(contrast(pairs.get(front)![scheme], pairs.get(ground)![scheme])).toBeGreaterThanOrEqual(least);
  }
});
