/** Saving a file of a reply: straight to the disk where the browser lets a page do that, otherwise once all of it is here. */
import type { OpenedReply, ReadingOptions, ReplyFile } from '../mailbox/reply.ts';
import { saveBlob } from './save-blob.ts';

/** Smaller files are handed over in one piece, the way every browser knows. */
const STREAMED = 32 * 1024 * 1024;

interface Handle {
  createWritable(): Promise<FileSystemWritableFileStream>;
}
type Picker = (options: { readonly suggestedName: string }) => Promise<Handle>;

/** True when it was handed over; false when the person chose no place for it. Rejects as the reply's own reading does. */
export async function saveAttachment(reply: OpenedReply, file: ReplyFile, options: ReadingOptions): Promise<boolean> {
  const picker = (window as { readonly showSaveFilePicker?: Picker }).showSaveFilePicker;
  const name = nameOf(file);
  if (picker === undefined || file.size < STREAMED) {
    saveBlob(name, await reply.readFile(file, options));
    return true;
  }
  let sink: FileSystemWritableFileStream;
  try {
    sink = await (await picker.call(window, { suggestedName: name })).createWritable();
  } catch {
    return false;
  }
  await reply.writeFile(file, sink, options);
  return true;
}

/** The last name of the path. */
export function nameOf({ path }: Pick<ReplyFile, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
