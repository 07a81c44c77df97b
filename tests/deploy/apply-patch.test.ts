/** The reviewed patch: applied to exactly the reviewed text, once, and to nothing else. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyPatch } from '../../deploy/apply-patch.mjs';
import { postgresConnection } from '../../deploy/patches/postgres-connection.mjs';

const PUBLISHED = 'first\nsecond\nthird\n';
const PATCHED = 'first\nsecond, guarded\nthird\n';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const patch = {
  name: 'a guard',
  file: 'code.js',
  sha256Before: sha256(PUBLISHED),
  sha256After: sha256(PATCHED),
  edits: [{ before: ['second'], after: ['second, guarded'] }],
};

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'postern-patch-'));
  writeFileSync(join(root, 'code.js'), PUBLISHED);
});
afterEach(() => rmSync(root, { recursive: true }));
const text = (): string => readFileSync(join(root, 'code.js'), 'utf8');

test('changes the published text, and the changed text no more', () => {
  expect(applyPatch(root, patch)).toBe(true);
  expect(text()).toBe(PATCHED);
  expect(applyPatch(root, patch)).toBe(false);
  expect(text()).toBe(PATCHED);
  expect(readdirSync(root)).toEqual(['code.js']);
});

test.each([
  ['another version', 'first\nsecond\nthird and more\n'],
  ['a half patched file', 'first\nsecond, guar'],
  ['an empty file', ''],
])('refuses %s and leaves it alone', (_what, found) => {
  writeFileSync(join(root, 'code.js'), found);
  expect(() => applyPatch(root, patch)).toThrow('not the text that was reviewed');
  expect(text()).toBe(found);
});

test('refuses an edit whose place is not unique, or whose result is not the reviewed one', () => {
  const twice = { ...patch, edits: [{ before: ['r'], after: ['R'] }] };
  expect(() => applyPatch(root, twice)).toThrow('not there exactly once');
  const other = { ...patch, edits: [{ before: ['second'], after: ['second, elsewhere'] }] };
  expect(() => applyPatch(root, other)).toThrow('patched text differs');
  expect(text()).toBe(PUBLISHED);
});

test('the installed PostgreSQL client is the patched one', () => {
  const installed = readFileSync(new URL(`../../${postgresConnection.file}`, import.meta.url), 'utf8');
  expect(sha256(installed)).toBe(postgresConnection.sha256After);
});
