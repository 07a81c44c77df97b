/** A person without a pointer: moves through the page with the Tab key and types. */
import type { Page } from './browser.ts';

const MOST_STOPS = 80;

const FOCUSED_NAME = `(() => {
  const at = document.activeElement;
  const labels = [...(at.labels ?? [])].map((label) => label.textContent).join(' ');
  return (at.getAttribute('aria-label') || labels || (at === document.body ? '' : at.textContent)).replace(/\\s+/g, ' ').trim();
})()`;

const FOCUS_IS_SEEN = `(() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
})()`;

/** The accessible name of what has the focus. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate<string>(FOCUSED_NAME);
}

/** Presses Tab until what is called `name` has the focus; it must be reachable, and be seen to have it. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  while (passed.length < MOST_STOPS) {
    await page.press('Tab');
    const at = await focusedName(page);
    if (at === name) {
      if (!(await page.evaluate<boolean>(FOCUS_IS_SEEN))) throw new Error(`the focus on “${name}” cannot be seen`);
      return;
    }
    passed.push(at);
  }
  throw new Error(`Tab never came to “${name}”; it passed: ${passed.join(' | ')}`);
}

/** Types a text key by key. */
export async function type(page: Page, text: string): Promise<void> {
  for (const character of text) await page.press(character);
}
