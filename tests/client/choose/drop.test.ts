/** Reading a dropped folder through the browser's file system entries, which come in pieces and may fail. */
import { describe, expect, test } from 'vitest';
import { readEntries } from '../../../client/choose/drop.ts';

interface Tree {
  readonly [name: string]: Tree | 'file' | 'broken';
}

/** Entries as Chromium and Firefox make them: folders are read in pieces of at most 100. */
function entry(path: string, what: Tree | 'file' | 'broken'): FileSystemEntry {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (typeof what === 'string') {
    const file = (done: (file: File) => void, failed: (error: Error) => void): void => {
      if (what === 'broken') failed(new Error('NotFoundError'));
      else done(new File([name], name));
    };
    return { isFile: true, isDirectory: false, name, fullPath: path, file } as unknown as FileSystemEntry;
  }
  const createReader = (): unknown => {
    const left = Object.entries(what).map(([child, below]) => entry(`${path}/${child}`, below));
    return { readEntries: (done: (piece: FileSystemEntry[]) => void) => done(left.splice(0, 100)) };
  };
  return { isFile: false, isDirectory: true, name, fullPath: path, createReader } as unknown as FileSystemEntry;
}

const never = new AbortController().signal;
const ignore = (): void => undefined;

describe('reading what was dropped', () => {
  test('walks to the bottom, keeps the order, and names files by their path', async () => {
    const roots = [
      entry('/folder', { a: 'file', deep: { b: 'file', deeper: { c: 'file' } }, d: 'file', empty: {} }),
      entry('/single', 'file'),
    ];
    const { picks, unreadable } = await readEntries(roots, ignore, never);
    expect(picks.map(({ path }) => path)).toEqual([
      'folder/a',
      'folder/deep/b',
      'folder/deep/deeper/c',
      'folder/d',
      'single',
    ]);
    expect(unreadable).toEqual([]);
  });

  test('what cannot be read is named, and the rest is there', async () => {
    const { picks, unreadable } = await readEntries([entry('/f', { good: 'file', gone: 'broken' })], ignore, never);
    expect(picks).toHaveLength(1);
    expect(unreadable).toEqual(['f/gone']);
  });

  test('folders of more than one piece are read whole, with progress', async () => {
    const many = Object.fromEntries(Array.from({ length: 1234 }, (_, i) => [`file ${i}`, 'file' as const]));
    const seen: number[] = [];
    const { picks } = await readEntries([entry('/f', many)], (count) => seen.push(count), never);
    expect(picks).toHaveLength(1234);
    expect(seen.at(-1)).toBe(1234);
    expect(seen.length).toBeGreaterThan(10);
  });

  test('stops when told to', async () => {
    const stop = new AbortController();
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`file ${i}`, 'file' as const]));
    const { picks } = await readEntries([entry('/f', many)], (count) => count > 0 && stop.abort(), stop.signal);
    expect(picks.length).toBeLessThan(200);
  });
});
