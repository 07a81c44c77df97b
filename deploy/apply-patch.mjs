/** Applies a reviewed edit to an installed package: only to exactly the text that was reviewed, never twice, never halfway. */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Edit
 * @property {readonly string[]} before lines that stand in the file exactly once
 * @property {readonly string[]} after lines that take their place
 */

/**
 * @typedef {object} Patch
 * @property {string} name what the patch does, for the message when it does not fit
 * @property {string} file path under the project root
 * @property {string} sha256Before hex SHA-256 of the file as published
 * @property {string} sha256After hex SHA-256 of the file as patched
 * @property {readonly Edit[]} edits
 */

/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/**
 * Patches one file in place (by rename, so that a kill leaves the old or the new text). A file that is patched already is
 * left alone; any other text than the reviewed one is an error.
 * @param {string} root
 * @param {Patch} patch
 * @returns {boolean} true where the file was changed
 */
export function applyPatch(root, patch) {
  const path = join(root, patch.file);
  const published = readFileSync(path, 'utf8');
  const digest = sha256(published);
  if (digest === patch.sha256After) return false;
  if (digest !== patch.sha256Before) throw new Error(`${patch.file} is not the text that was reviewed (${patch.name})`);

  let text = published;
  for (const edit of patch.edits) {
    const before = edit.before.join('\n');
    const [head, tail, more] = text.split(before);
    if (head === undefined || tail === undefined || more !== undefined) {
      throw new Error(`${patch.file}: the text to change is not there exactly once (${patch.name})`);
    }
    text = head + edit.after.join('\n') + tail;
  }
  if (sha256(text) !== patch.sha256After) throw new Error(`${patch.file}: patched text differs (${patch.name})`);

  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
  return true;
}
