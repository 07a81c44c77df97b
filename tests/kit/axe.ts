/** axe-core in a page: what would keep a person with a disability from using it, as far as a program can tell. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from './browser.ts';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Each violation as `rule: selector`. Also `overflow` when the page has to be scrolled sideways. */
export async function barriers(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`(async () => {
    if (!globalThis.axe) { ${SOURCE} }
    // Colours are judged as they stay, not as they are on their way there.
    const passing = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(passing.map(({ finished }) => finished));
    const { violations } = await globalThis.axe.run({ runOnly: ${JSON.stringify(RULES)} });
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' ')));
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [...found, 'overflow: ' + scrollWidth + ' of ' + clientWidth] : found;
  })()`);
}
