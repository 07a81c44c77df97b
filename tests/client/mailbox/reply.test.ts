/** Replies that are as they must be: what comes out is what went in, and no more is fetched than it takes. */
import { expect, test } from 'vitest';
import { MAX_REPLY_SIZE } from '../../../shared/protocol/limits.ts';
import { signReplyOpening } from '../../../shared/statements/reply-opening.ts';
import { isProblem } from '../../../shared/problem/problem.ts';
import { utf8Encode } from '../../../shared/bytes/utf8.ts';
import { patternBytes } from '../../kit/random-bytes.ts';
import type { ReplyText } from '../../kit/write-reply.ts';
import { drawKeys, drawOrganisation, sourceOver } from './correspondents.ts';
import { createStandIn } from './stand-in.ts';

const MIB = 1_048_576;
const organisation = await drawOrganisation();

/** A source to whom the organisation has sent this. */
async function sent(text: ReplyText) {
  const keys = await drawKeys(organisation.card);
  const standIn = createStandIn();
  const reply = await organisation.write(keys, text);
  standIn.hold(reply);
  const source = sourceOver(standIn.transport, keys, organisation.card);
  const { replies } = await source.mailbox.look();
  const partsAsked = () => standIn.asked.filter((line) => line.includes('/parts/'));
  return { standIn, reply, source, listed: replies[0]!, partsAsked };
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

test.each([
  ['one word', 'Received.'],
  ['100 kB of many scripts', 'Съёмка, التصوير, 撮影, 🎥 \u0000 \r\n'.repeat(2500)],
  ['right-to-left text with marks', '\u202bمن صوّر هذا؟ متى وأين؟\u202c\n\u200fשלום\u200e — ok'],
  ['a byte order mark, combining marks and the last code point', '\ufeffe\u0301\u{10ffff}'],
  ['the longest message', 'é'.repeat(524_288)],
])('a message comes out as it was written: %s', async (_, message) => {
  const { source, listed } = await sent({ message });
  const opened = await source.open(listed);
  expect(opened.message).toBe(message);
  expect(opened.files).toEqual([]);
});

test('files come out as they were, under the names they had', async () => {
  const files = [
    'Съёмка с балкона.mp4',
    'صورة ١.jpg',
    '🎥/📎 list.txt',
    'a/b/c.bin',
    'empty',
    'quote\'"<b>%00.html',
  ].map((path, i) => ({
    path,
    content: path === 'empty' ? new Uint8Array(0) : patternBytes(70_000 * (i + 1) + i, i + 1),
  }));
  const { source, listed } = await sent({ files });
  const opened = await source.open(listed);
  expect(opened.message).toBeNull();
  expect(opened.files.map(({ path, size }) => [path, size])).toEqual(
    files.map(({ path, content }) => [path, content.length]),
  );
  const blobs = await Promise.all(opened.files.map((file) => opened.readFile(file)));
  for (const [i, blob] of blobs.entries()) {
    expect(blob.type).toBe('application/octet-stream');
    expect(await bytesOf(blob)).toEqual(files[i]!.content);
  }
});

test.each([1, 2, 16])('parts of %i MiB are read as well', async (factor) => {
  const files = [{ path: 'film', content: patternBytes(5 * MIB + 77) }];
  const { source, listed } = await sent({ message: 'm', files, partSize: factor * MIB });
  const opened = await source.open(listed);
  expect(opened.message).toBe('m');
  expect(await bytesOf(await opened.readFile(opened.files[0]!))).toEqual(files[0]!.content);
});

test('a reply of 1,000 files is fetched once, whichever of them are read', async () => {
  const files = Array.from({ length: 1000 }, (_, i) => ({
    path: `frames/${String(i).padStart(4, '0')}.txt`,
    content: utf8Encode(`frame ${i} `.repeat(i % 50)),
  }));
  const { source, listed, reply, partsAsked } = await sent({ message: 'frames', files });
  const opened = await source.open(listed);
  expect(opened.files).toHaveLength(1000);
  for (const [i, file] of opened.files.entries())
    expect(await bytesOf(await opened.readFile(file))).toEqual(files[i]!.content);
  expect(partsAsked()).toHaveLength(reply.parts.length);
});

test('the words beside a large file come without it, and the file is fetched in order, a few parts ahead', async () => {
  const content = patternBytes(30 * MIB + 12_345);
  const files = [
    { path: 'film.mp4', content },
    { path: 'small.txt', content: utf8Encode('small') },
  ];
  const { source, listed, reply, partsAsked } = await sent({ message: 'Is this yours?', files });
  expect(reply.parts.length).toBeGreaterThan(30);
  const opened = await source.open(listed);
  expect(opened.message).toBe('Is this yours?');
  expect(partsAsked().length).toBeLessThanOrEqual(3);

  const before = partsAsked().length;
  const seen: number[] = [];
  const blob = await opened.readFile(opened.files[0]!, {
    onProgress: ({ done, total }) => {
      expect(total).toBe(content.length);
      expect(partsAsked().length - before - done / MIB).toBeLessThan(5);
      seen.push(done);
    },
  });
  expect(Buffer.compare(await bytesOf(blob), content)).toBe(0);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect([seen[0], seen.at(-1)]).toEqual([0, content.length]);
  expect(await (await opened.readFile(opened.files[1]!)).text()).toBe('small');
});

test('a file written piece by piece comes in order, and is closed once, at the end', async () => {
  const content = patternBytes(3 * MIB + 1);
  const { source, listed } = await sent({ files: [{ path: 'film', content }] });
  const opened = await source.open(listed);
  const written: Uint8Array[] = [];
  const ends: string[] = [];
  await opened.writeFile(opened.files[0]!, {
    write: (bytes) => Promise.resolve(void written.push(bytes)),
    close: () => Promise.resolve(void ends.push('close')),
    abort: () => Promise.resolve(void ends.push('abort')),
  });
  expect(Buffer.compare(Buffer.concat(written), content)).toBe(0);
  expect(ends).toEqual(['close']);
});

test('a reply larger than may be is refused in words before any of it is asked for', async () => {
  const { standIn, source, reply } = await sent({ message: 'm' });
  const opening = { ...reply.opening, size: MAX_REPLY_SIZE + 1, partSize: MIB };
  standIn.look.replies = [await signReplyOpening(opening, organisation.reply)];
  const { replies } = await source.mailbox.look();
  const before = standIn.asked.length;
  const error: unknown = await source.open(replies[0]!).catch((thrown: unknown) => thrown);
  expect(isProblem(error, 'limit-exceeded')).toBe(true);
  expect(standIn.asked).toHaveLength(before);
});

test('opening and reading end when they are no longer wanted, also while the link is away', async () => {
  const { standIn, source, listed, partsAsked } = await sent({
    files: [{ path: 'film', content: patternBytes(6 * MIB) }],
  });
  const opened = await source.open(listed);
  const stop = new AbortController();
  const before = partsAsked().length;
  const reading = opened.readFile(opened.files[0]!, {
    signal: stop.signal,
    onProgress: ({ done }) => done > MIB && stop.abort(),
  });
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  expect(partsAsked().length - before).toBeLessThan(6);

  standIn.fault = () => 'none';
  const away = new AbortController();
  const waiting = opened.readFile(opened.files[0]!, { signal: away.signal });
  setTimeout(() => away.abort(), 50);
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  standIn.fault = () => null;
  expect((await opened.readFile(opened.files[0]!)).size).toBe(6 * MIB);
});
