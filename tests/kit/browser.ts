/** The little that the tests want of a browser, the same for Chromium and Firefox. */
import type { Memory } from './memory.ts';

export type BrowserName = 'chromium' | 'firefox';

export interface Target {
  readonly role: 'button' | 'link' | 'checkbox' | 'radio' | 'textbox';
  /** The accessible name: all of it, or a pattern that it matches. */
  readonly name: string | RegExp;
}

export interface Page {
  readonly browser: BrowserName;
  goto(url: string): Promise<void>;
  /** Presses the first enabled and visible control; waits up to `limitMs` for it. */
  click(target: Target, limitMs?: number): Promise<void>;
  /** True when there is such a control, visible and enabled. */
  has(target: Target): Promise<boolean>;
  /** Types into a field as a person would, in place of what it holds. */
  fill(target: Target, text: string): Promise<void>;
  /** Presses one key by its name: `Tab`, `Enter`, `ArrowDown`, or a character. */
  press(key: string): Promise<void>;
  /** Chooses files in the first file input that matches the CSS selector. */
  setFiles(selector: string, paths: readonly string[]): Promise<void>;
  /** Chooses a folder in an input of type file with `webkitdirectory`. */
  setFolder(selector: string, folder: string): Promise<void>;
  /** What can be read on the page. */
  text(): Promise<string>;
  waitForText(pattern: RegExp, limitMs?: number): Promise<string>;
  /** The value of a JavaScript expression in the page, through JSON. */
  evaluate<Value>(expression: string): Promise<Value>;
  viewport(width: number, height: number): Promise<void>;
  screenshot(path: `${string}.png`): Promise<void>;
  /** Console errors, uncaught errors, and violations of the Content-Security-Policy so far. */
  problems(): Promise<readonly string[]>;
  /** Addresses of all requests so far, in order. */
  requests(): readonly string[];
}

export interface Browser extends AsyncDisposable {
  readonly name: BrowserName;
  readonly version: string;
  /** A page in a fresh profile. */
  readonly page: Page;
  /** The process that renders the page: of all renderer processes, the one with most memory. */
  memory(): Memory | null;
  /** `kill -9` of all its processes, as when the power goes; its profile is deleted. */
  kill(): Promise<void>;
}

/** Run in each page before its own scripts: remembers what the Content-Security-Policy stopped. */
export const REMEMBER_VIOLATIONS = `
  globalThis.violations = [];
  addEventListener('securitypolicyviolation', (event) => {
    globalThis.violations.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample);
  });`;

const FIND_CONTROL = `
  const selectors = {
    button: 'button, [role=button], input[type=button], input[type=submit], summary',
    link: 'a[href]',
    checkbox: 'input[type=checkbox], [role=checkbox]',
    radio: 'input[type=radio], [role=radio]',
    textbox: 'textarea, input:not([type]), input[type=text], input[type=search], [role=combobox]',
  };
  const squeeze = (text) => (text ?? '').replace(/\\s+/g, ' ').trim();
  const byIds = (ids) => ids.split(/\\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
  const nameOf = (element) => squeeze(
    (element.getAttribute('aria-labelledby') && byIds(element.getAttribute('aria-labelledby'))) ||
    element.getAttribute('aria-label') ||
    [...(element.labels ?? [])].map((label) => label.textContent).join(' ') ||
    element.textContent || element.value || element.title,
  );
  const pattern = exact === null ? new RegExp(source, flags) : null;
  const shown = (element) => element.getClientRects().length > 0 && !element.closest('[inert]') &&
    getComputedStyle(element).visibility !== 'hidden';
  return [...document.querySelectorAll(selectors[role])].find((element) =>
    shown(element) && !element.disabled && element.getAttribute('aria-disabled') !== 'true' &&
    (pattern ? pattern.test(nameOf(element)) : nameOf(element) === exact)) ?? null;`;

/** A JavaScript expression that gives the control, or null; to be evaluated in the page. */
export function findExpression({ role, name }: Target): string {
  const [source, flags, exact] = typeof name === 'string' ? ['', '', name] : [name.source, name.flags, null];
  const values = [role, source, flags, exact].map((value) => JSON.stringify(value)).join(', ');
  return `((role, source, flags, exact) => {${FIND_CONTROL}})(${values})`;
}
