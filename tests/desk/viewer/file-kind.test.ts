/** What files are taken for: by their first bytes alone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindOf } from '../../../desk/viewer-server/file-kind.ts';

const bytes = (latin: string) => Buffer.from(latin, 'latin1');

describe('kinds', () => {
  test.for<[string, string, string]>([
    ['\xff\xd8\xff\xe0', 'image', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n', 'image', 'image/png'],
    ['GIF89a', 'image', 'image/gif'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'image', 'image/webp'],
    ['RIFF\0\0\0\0AVI LIST', 'other', 'application/octet-stream'],
    ['RIFF\0\0\0\0WAVEfmt ', 'audio', 'audio/wav'],
    ['\0\0\0\x1cftypavif', 'image', 'image/avif'],
    ['\0\0\0\x1cftypheic', 'other', 'application/octet-stream'],
    ['\0\0\0\x20ftypisom', 'video', 'video/mp4'],
    ['\0\0\0\x14ftypqt  ', 'video', 'video/mp4'],
    ['\0\0\0\x1cftypM4A ', 'audio', 'audio/mp4'],
    ['\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm', 'video', 'video/webm'],
    ['ID3\x04\0', 'audio', 'audio/mpeg'],
    ['OggS\0', 'audio', 'audio/ogg'],
    ['fLaC\0', 'audio', 'audio/flac'],
    ['%PDF-1.7\n%\xe2', 'pdf', 'application/pdf'],
    ['<!doctype html><script>alert(1)</script>', 'text', 'text/plain; charset=utf-8'],
    ['<html><svg>', 'text', 'text/plain; charset=utf-8'],
    [' <?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="x">', 'image', 'image/svg+xml'],
    ['#!/bin/sh\n', 'text', 'text/plain; charset=utf-8'],
    ['a\0b', 'other', 'application/octet-stream'],
    ['\xff\xfea\0b\0', 'text', 'text/plain; charset=utf-16le'],
    ['\xc3', 'other', 'application/octet-stream'],
    ['\x7fELF', 'other', 'application/octet-stream'],
    ['', 'text', 'text/plain; charset=utf-8'],
  ])('%j is %s, served as %s', ([start, kind, served]) => {
    expect(kindOf(bytes(start), true)).toMatchObject({ kind, served });
  });

  test('text that is cut within a character is text', () => {
    expect(kindOf(bytes('a\xc3'), false).kind).toBe('text');
  });

  test('a file of comments costs no time', () => {
    const start = performance.now();
    for (const tail of ['', '<svg', '<svg>']) kindOf(bytes(`${'<!---->'.repeat(140)}${tail}`), false);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('a file of which nothing is here is of no kind', () => {
    expect(kindOf(new Uint8Array(0), false).kind).toBe('other');
  });

  test('whatever the bytes, nothing is served that a browser would run or lay out as a page', () => {
    const harmless =
      /^(?:image\/(?:jpeg|png|gif|webp|bmp|avif|svg\+xml)|(?:video|audio)\/[a-z0-9-]+|application\/(?:pdf|octet-stream)|text\/plain; charset=utf-(?:8|16le))$/;
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 1_100 }),
        fc.string({ maxLength: 40 }),
        fc.boolean(),
        (rest, head, whole) => {
          expect(kindOf(Buffer.concat([Buffer.from(head), rest]), whole).served).toMatch(harmless);
        },
      ),
    );
  });
});
