/** Debian's Chromium through playwright-core, fresh and without any traffic of its own. */
import { chromium } from 'playwright-core';
import type { Browser as PlaywrightBrowser, ElementHandle } from 'playwright-core';
import { REMEMBER_VIOLATIONS, findExpression } from './browser.ts';
import type { Browser, Page, Target } from './browser.ts';
import { killAll, memoryOf, processesBelow } from './memory.ts';
import { until } from './waiting.ts';

const EXECUTABLE = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium with one page. */
export async function startChromium(): Promise<Browser> {
  // Not through a server of playwright's: that would copy every chosen file.
  const browser = await chromium.launch({ executablePath: EXECUTABLE, headless: true, args: ARGUMENTS });
  const pid = await processNumber(browser);
  const context = await browser.newContext();
  await context.addInitScript(REMEMBER_VIOLATIONS);
  const inner = await context.newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  inner.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  inner.on('pageerror', (error) => problems.push(`uncaught: ${String(error)}`));
  context.on('request', (request) => requests.push(request.url()));

  const find = async (target: Target): Promise<ElementHandle<HTMLElement> | null> => {
    const handle = await inner.evaluateHandle<HTMLElement | null>(findExpression(target));
    return handle.asElement();
  };
  const wait = (target: Target, limitMs = 20_000) =>
    until(`a ${target.role} ${String(target.name)}`, limitMs, () => find(target));

  const page: Page = {
    browser: 'chromium',
    goto: async (url) => void (await inner.goto(url)),
    click: async (target, limitMs) => (await wait(target, limitMs)).click(),
    has: async (target) => (await find(target)) !== null,
    fill: async (target, text) => (await wait(target)).fill(text),
    press: (key) => inner.keyboard.press(key),
    setFiles: (selector, paths) =>
      inner
        .locator(selector)
        .first()
        .setInputFiles([...paths]),
    setFolder: (selector, folder) => inner.locator(selector).first().setInputFiles(folder),
    text: () => inner.evaluate(() => document.body.innerText),
    waitForText: (pattern, limitMs = 20_000) =>
      until(`the page says ${String(pattern)}`, limitMs, async () => {
        const text = await page.text();
        return pattern.test(text) && text;
      }),
    evaluate: (expression) => inner.evaluate(expression),
    viewport: (width, height) => inner.setViewportSize({ width, height }),
    screenshot: async (path) => void (await inner.screenshot({ path, fullPage: true })),
    problems: async () => [...problems, ...(await inner.evaluate<string[]>('globalThis.violations ?? []'))],
    requests: () => requests,
  };
  return {
    name: 'chromium',
    version: browser.version(),
    page,
    memory() {
      const renderers = processesBelow(pid).filter(({ command }) => command.includes('--type=renderer'));
      const all = renderers.flatMap(({ pid }) => memoryOf(pid) ?? []);
      return all.sort((a, b) => b.resident - a.resident)[0] ?? null;
    },
    async kill() {
      const gone = new Promise<void>((resolve) => browser.once('disconnected', () => resolve()));
      killAll(pid);
      // Its profile is deleted by playwright, once the process has ended.
      await gone;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
    },
  };
}

async function processNumber(browser: PlaywrightBrowser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.find(({ type }) => type === 'browser')?.id ?? -1;
}
