/** Hands a file of a reply to the browser's own way of saving files; a large one goes to the disk as it comes, where a browser can do that. */
import type { FileSink, OpenedReply, ReadingOptions, ReplyFile } from './reply.ts';

/** What Chromium has and the DOM library does not tell of. */
interface WithPicker {
  readonly showSaveFilePicker?: (options: {
    readonly suggestedName: string;
  }) => Promise<{ createWritable(): Promise<FileSink> }>;
}

/** Bytes from which on it is worth asking the person where to: a smaller file goes through memory, and where downloads go. */
const LARGE = 64 * 1024 * 1024;
/** How long a browser may take to begin with a download whose address it has. */
const TAKEN = 60_000;

/**
 * To be called at once when the person asks for it: browsers let nobody ask where to save a file later than that. False when the
 * person changed their mind. Problems as of {@link OpenedReply}.
 */
export async function saveFile(reply: OpenedReply, file: ReplyFile, options: ReadingOptions = {}): Promise<boolean> {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const sink = file.size >= LARGE ? await pickSink(name) : null;
  if (sink === 'declined') return false;
  if (sink === null) offer(name, await reply.readFile(file, options));
  else await reply.writeFile(file, sink, options);
  return true;
}

/** Null where the browser has no such thing, or does not allow it here. */
async function pickSink(suggestedName: string): Promise<FileSink | 'declined' | null> {
  const page = window as WithPicker;
  if (page.showSaveFilePicker === undefined) return null;
  try {
    const handle = await page.showSaveFilePicker({ suggestedName });
    return await handle.createWritable();
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? 'declined' : null;
  }
}

function offer(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the bytes by then; the address must not outlive its use.
  window.setTimeout(() => URL.revokeObjectURL(address), TAKEN);
}
