/** Paths inside a parcel: the rule they keep, and making any name that a browser hands over keep it. */
import { Problem } from '../problem/problem.ts';
import { MAX_NAME_BYTES, MAX_PATH_BYTES } from './limits.ts';
import { utf8Length } from './utf8-length.ts';

const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;
/** `.`, `..`, and what a Windows machine takes for them once it has dropped trailing dots and spaces. */
const DOTS_ONLY = /^\.[. ]*$/;
/** A drive (`C:`), a home (`~`), or a root by either slash. */
const ROOTED = /^(?:[A-Za-z]:|~|\\)/;

/**
 * Refuses a path that is not a plain relative one: `/`-separated, nothing empty, no way up or out on any system, well-formed Unicode,
 * no NUL, at most {@link MAX_NAME_BYTES} a name and {@link MAX_PATH_BYTES} in all. A backslash is a character like any other unless it
 * would make a way out where it is a separator. Problem `path-unsafe`.
 */
export function checkPath(path: string): void {
  const reason = fault(path);
  if (reason !== null) throw new Problem('path-unsafe', { reason });
}

/**
 * Turns the path that a browser gives into one that passes {@link checkPath}, changing as little as it can: lone surrogates become
 * U+FFFD, what leads out is replaced by `_`, names that are too long are cut before their extension, paths at their
 * outermost folders.
 */
export function cleanPath(raw: string): { readonly path: string; readonly changed: boolean } {
  if (fault(raw) === null) return { path: raw, changed: false };
  const names = raw
    .replaceAll(LONE_SURROGATES, '\ufffd')
    .replaceAll('\0', '_')
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .map((name) =>
      shorten(name.split('\\').some((piece) => DOTS_ONLY.test(piece)) ? disarm(name) : name, MAX_NAME_BYTES),
    );
  let first = 0;
  let room = MAX_PATH_BYTES; // one byte less than there is: a drive or a home may need one more below
  for (let i = names.length - 1; i >= 0; i--) {
    room -= utf8Length(names[i]!) + 1;
    if (room < 0) {
      first = i + 1;
      break;
    }
  }
  const kept = names.slice(first);
  if (kept.length === 0) kept.push('_');
  if (ROOTED.test(kept[0]!)) kept[0] = shorten(unroot(kept[0]!), MAX_NAME_BYTES);
  return { path: kept.join('/'), changed: true };
}

/**
 * One path for each of `paths`, in order, all different: the first of equal ones keeps its name, the next become `name (2).ext` and so on.
 * A file named like a folder of another is renamed too. Names that differ only in case or in Unicode normal form are left alone: they are
 * evidence, they are different files where they come from, and a disk that cannot tell them apart shows in the checksums, never silently.
 */
export function distinctPaths(paths: readonly string[]): string[] {
  const given = new Set(paths);
  const folders = foldersOf(given);
  const used = new Set<string>();
  const counts = new Map<string, number>();
  return paths.map((path) => {
    let distinct = path;
    let count = counts.get(path) ?? 1;
    while (used.has(distinct) || folders.has(distinct) || (count > 1 && given.has(distinct)))
      distinct = numbered(path, ++count);
    counts.set(path, count);
    used.add(distinct);
    return distinct;
  });
}

/** Whether no path is there twice, and none is also the folder of another: what a parcel must have. */
export function areDistinct(paths: readonly string[]): boolean {
  const given = new Set(paths);
  if (given.size < paths.length) return false;
  for (const folder of foldersOf(given)) if (given.has(folder)) return false;
  return true;
}

/** Every folder on the way to one of `paths`. */
function foldersOf(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let i = path.lastIndexOf('/'); i > 0; i = path.lastIndexOf('/', i - 1)) {
      const folder = path.slice(0, i);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

function numbered(path: string, count: number): string {
  const slash = path.lastIndexOf('/') + 1;
  const { stem, extension } = splitName(path.slice(slash));
  const end = ` (${count})${extension}`;
  return (
    path.slice(0, slash) +
    shorten(stem, Math.min(MAX_NAME_BYTES, MAX_PATH_BYTES - utf8Length(path.slice(0, slash))) - utf8Length(end)) +
    end
  );
}

function fault(path: string): string | null {
  if (path === '') return 'empty';
  if (path.includes('\0')) return 'nul';
  if (ROOTED.test(path) || path.startsWith('/')) return 'absolute';
  const length = utf8Length(path);
  if (length > MAX_PATH_BYTES) return 'long';
  if (length !== path.length && LONE_SURROGATE.test(path)) return 'unicode';
  for (const name of path.split('/')) {
    if (name === '') return 'empty';
    if (leadsOut(name)) return 'dots';
    if (name.length * 3 > MAX_NAME_BYTES && utf8Length(name) > MAX_NAME_BYTES) return 'long';
  }
  return null;
}

function leadsOut(name: string): boolean {
  return name.startsWith('.') || name.includes('\\') ? name.split('\\').some((piece) => DOTS_ONLY.test(piece)) : false;
}

function disarm(name: string): string {
  return name
    .split('\\')
    .map((piece) => (DOTS_ONLY.test(piece) ? `_${piece.slice(1)}` : piece))
    .join('\\');
}

function unroot(name: string): string {
  if (name.startsWith('\\')) return `_${name.slice(1)}`;
  return name.startsWith('~') ? `_${name}` : `${name.slice(0, 1)}_${name.slice(2)}`;
}

/** The name with characters taken out before its extension until it has at most `most` UTF-8 bytes. */
function shorten(name: string, most: number): string {
  if (utf8Length(name) <= most) return name;
  const { stem, extension } = splitName(name);
  const characters = Array.from(stem);
  let length = utf8Length(name);
  while (length > most && characters.length > 0) length -= utf8Length(characters.pop()!);
  return characters.join('') + extension;
}

/** A file name as stem and extension (with its dot; empty when there is none or it is longer than 16 bytes). */
function splitName(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  const cut = dot > 0 && utf8Length(name.slice(dot)) <= 16 ? dot : name.length;
  return { stem: name.slice(0, cut), extension: name.slice(cut) };
}
