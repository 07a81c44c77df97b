/** Debian's Firefox ESR through puppeteer-core and WebDriver BiDi, fresh and without any traffic of its own. */
import { launch } from 'puppeteer-core';
import type { ElementHandle, KeyInput, Page as PuppeteerPage } from 'puppeteer-core';
import { REMEMBER_VIOLATIONS, findExpression } from './browser.ts';
import type { Browser, Page, Target } from './browser.ts';
import { killAll, memoryOf, processesBelow } from './memory.ts';
import { until } from './waiting.ts';

const EXECUTABLE = '/usr/bin/firefox-esr';
const PREFERENCES = {
  'app.update.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'captivedetect.canonicalURL': '',
  'datareporting.healthreport.uploadEnabled': false,
  // The test names a folder itself, where a person would have gone through the picker that lets the page see it.
  'dom.filesystem.pathcheck.disabled': true,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.enabled': false,
};

/** Preferences of Tor Browser's security level "Safer": no WebAssembly, no compiler for JavaScript. */
export const SAFER = {
  'javascript.options.wasm': false,
  'javascript.options.ion': false,
  'javascript.options.baselinejit': false,
  'javascript.options.native_regexp': false,
  'javascript.options.asmjs': false,
};

/** Starts Firefox with one page. */
export async function startFirefox(preferences: Readonly<Record<string, unknown>> = {}): Promise<Browser> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: EXECUTABLE,
    headless: true,
    args: ['--remote-allow-system-access'],
    extraPrefsFirefox: { ...PREFERENCES, ...preferences },
    protocolTimeout: 3_600_000,
  });
  const inner = await browser.newPage();
  await inner.evaluateOnNewDocument(REMEMBER_VIOLATIONS);
  const problems: string[] = [];
  const requests: string[] = [];
  inner.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url ?? ''})`);
  });
  inner.on('pageerror', (error) => problems.push(`uncaught: ${String(error)}`));
  inner.on('request', (request) => requests.push(request.url()));

  const find = async (target: Target): Promise<ElementHandle<HTMLElement> | null> => {
    const handle = await inner.evaluateHandle(findExpression(target));
    return handle.asElement() as ElementHandle<HTMLElement> | null;
  };
  const wait = (target: Target, limitMs = 20_000) =>
    until(`a ${target.role} ${String(target.name)}`, limitMs, () => find(target));

  const page: Page = {
    browser: 'firefox',
    goto: async (url) => void (await inner.goto(url)),
    click: async (target, limitMs) => (await wait(target, limitMs)).click(),
    has: async (target) => (await find(target)) !== null,
    async fill(target, text) {
      const field = await wait(target);
      await field.evaluate((element) => (element as HTMLInputElement).select());
      await field.type(text);
    },
    press: (key) => inner.keyboard.press(key as KeyInput),
    async setFiles(selector, paths) {
      const input = await inner.$(selector);
      await (input as ElementHandle<HTMLInputElement>).uploadFile(...paths);
    },
    setFolder: (selector, folder) => chooseFolder(inner, selector, folder),
    text: () => inner.evaluate(() => document.body.innerText),
    waitForText: (pattern, limitMs = 20_000) =>
      until(`the page says ${String(pattern)}`, limitMs, async () => {
        const text = await page.text();
        return pattern.test(text) && text;
      }),
    evaluate: async <Value>(expression: string) => (await inner.evaluate(expression)) as Value,
    viewport: (width, height) => inner.setViewport({ width, height }),
    screenshot: async (path: `${string}.png`) => void (await inner.screenshot({ path, fullPage: true })),
    problems: async () => [
      ...problems,
      ...((await inner.evaluate('globalThis.violations ?? []')) as readonly string[]),
    ],
    requests: () => requests,
  };
  return {
    name: 'firefox',
    version: await browser.version(),
    page,
    memory() {
      const pid = browser.process()?.pid ?? -1;
      const contents = processesBelow(pid).filter(({ command }) => /-isForBrowser .* tab\s*$/.test(command));
      const all = contents.flatMap((each) => memoryOf(each.pid) ?? []);
      return all.sort((a, b) => b.resident - a.resident)[0] ?? null;
    },
    async kill() {
      const process = browser.process();
      if (process?.pid === undefined) throw new Error('Firefox has no process');
      const gone = new Promise((resolve) => process.once('exit', resolve));
      killAll(process.pid);
      // Its profile is deleted by puppeteer, once the process has ended.
      await gone;
    },
    async [Symbol.asyncDispose]() {
      await browser.close().catch(() => undefined);
    },
  };
}

/** WebDriver chooses files only; a folder goes in through the browser's own scope, as if it had been dropped on the input. */
async function chooseFolder(page: PuppeteerPage, selector: string, folder: string): Promise<void> {
  const { connection } = page.browser() as unknown as { readonly connection: Connection };
  const tree = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
  const context = tree.result.contexts?.[0]?.context;
  if (context === undefined) throw new Error('Firefox does not show its own scope');
  const inPage = `
    const input = content.document.querySelector(${JSON.stringify(selector)});
    const { Directory } = Cu.getGlobalForObject(input);
    input.mozSetDndFilesAndDirectories([new Directory(${JSON.stringify(folder)})]);`;
  const script = `data:text/javascript;charset=utf-8,${encodeURIComponent(inPage)}`;
  await connection.send('script.evaluate', {
    expression: `gBrowser.selectedBrowser.messageManager.loadFrameScript(${JSON.stringify(script)}, false)`,
    target: { context },
    awaitPromise: false,
  });
}

interface Connection {
  send(
    method: string,
    parameters: unknown,
  ): Promise<{ readonly result: { readonly contexts?: { readonly context: string }[] } }>;
}
