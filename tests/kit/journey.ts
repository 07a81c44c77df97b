/** A source's way through the page: from the first screen to the receipt, with the words that the page itself uses. */
import { en } from '../../client/locales/en.ts';
import type { Page } from './browser.ts';
import { until } from './waiting.ts';

export interface Chosen {
  readonly folder?: string;
  readonly files?: readonly string[];
  readonly message?: string;
}

/** Opens the page and goes on to the choice of files. */
export async function openDrop(page: Page, source: string): Promise<void> {
  await page.goto(source);
  await page.click({ role: 'button', name: en['read.begin'] });
  await page.waitForText(pattern(en['choose.title']));
}

/** Chooses files, a folder, a message. */
export async function choose(page: Page, { folder, files, message }: Chosen): Promise<void> {
  if (folder !== undefined) {
    await page.setFolder('input[data-kind=folder]', folder);
    await page.waitForText(pattern(en['choose.remove-all']), 120_000);
  }
  if (files !== undefined) {
    await page.setFiles('input[data-kind=files]', files);
    await page.waitForText(pattern(en['choose.remove-all']), 120_000);
  }
  if (message !== undefined) await page.fill({ role: 'textbox', name: en['choose.message-title'] }, message);
}

/** Takes the codename, enters it once more and starts sending. Gives the seven words. */
export async function takeCodename(page: Page): Promise<readonly string[]> {
  // The rest of the page may still be on its way; the button then says so and is pressed again.
  await until('the codename', 30_000, async () => {
    if (await page.has({ role: 'button', name: en['choose.go-on'] })) {
      await page.click({ role: 'button', name: en['choose.go-on'] });
    }
    return page.has({ role: 'button', name: en['codename.written'] });
  });
  const words = await page.evaluate<string[]>(
    `[...document.querySelectorAll('ol[aria-label] li')].map((each) => each.textContent.replace(/^[\\d\\s]+/, '').trim())`,
  );
  await page.click({ role: 'button', name: en['codename.written'] });
  for (const [i, word] of words.entries()) {
    await page.fill({ role: 'textbox', name: en['confirm.word'].replace('{number}', String(i + 1)) }, word);
  }
  return words;
}

/** Presses “Send now”. */
export async function send(page: Page): Promise<void> {
  await page.click({ role: 'button', name: en['confirm.send'] });
}

/** “I have a codename”: opens the page, enters the words, and asks for the mailbox. */
export async function enterCodename(page: Page, source: string, words: readonly string[]): Promise<void> {
  await page.goto(source);
  await page.click({ role: 'button', name: en['read.returning'] });
  for (const [i, word] of words.entries()) {
    await page.fill({ role: 'textbox', name: en['confirm.word'].replace('{number}', String(i + 1)) }, word);
  }
  await page.click({ role: 'button', name: en['enter.open'] }, 60_000);
}

/** Per cent that the page says have arrived; 100 once the receipt is there, null while it shows no progress. */
export function percentArrived(page: Page): Promise<number | null> {
  return page.evaluate<number | null>(
    `(document.querySelector('h1')?.textContent === ${JSON.stringify(en['received.title'])})
      ? 100 : (document.querySelector('progress')?.value ?? null)`,
  );
}

/** Waits for the receipt. */
export async function waitForReceipt(page: Page, limitMs: number): Promise<void> {
  await page.waitForText(pattern(en['received.title']), limitMs);
}

/** A pattern for one of the page's own sentences; `{name}` in it stands for anything. */
export function pattern(sentence: string): RegExp {
  return new RegExp(
    sentence
      .split(/\{\w+\}/)
      .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*'),
  );
}
