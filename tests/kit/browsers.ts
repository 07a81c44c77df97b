/** Which browsers the tests run in: both, or the one that POSTERN_TEST_BROWSER names. */
import type { Browser, BrowserName } from './browser.ts';
import { startChromium } from './chromium.ts';
import { startFirefox } from './firefox.ts';

const wanted = process.env['POSTERN_TEST_BROWSER'];

export const BROWSERS = (['chromium', 'firefox'] as const).filter((name) => wanted === undefined || wanted === name);

/** Starts a browser by name. */
export function startBrowser(name: BrowserName): Promise<Browser> {
  return name === 'chromium' ? startChromium() : startFirefox();
}
