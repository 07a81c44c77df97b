/** All files of a submission, as they become known: pages in the order of the archive, asked for again while it is being read. */
import { useEffect, useState } from 'react';
import type { FilePage, FileView, Refusal } from '../api.ts';
import { filesPath } from '../ask/paths.ts';
import { Refused, read } from '../ask/requests.ts';

/** Beyond this many, search goes through the server. */
export const MOST_LISTED = 100_000;

const WAIT_MS = 400;

export interface Files {
  readonly files: readonly FileView[];
  readonly total: number;
  readonly reading: FilePage['reading'];
  /** Why files may be lacking, as a sentence. */
  readonly cut: string | null;
  /** True when all that can be known for now is there. */
  readonly complete: boolean;
  readonly refusal: Refusal | null;
}

const NOTHING: Files = { files: [], total: 0, reading: null, cut: null, complete: false, refusal: null };

/** `search` is passed to the server; leave it empty where the list is whole. */
export function useFiles(parcel: string, search: string): Files {
  const key = `${parcel} ${search}`;
  const [held, setHeld] = useState({ key, files: NOTHING });
  useEffect(() => {
    const stop = new AbortController();
    const publish = (files: Files): void => {
      if (!stop.signal.aborted) setHeld({ key, files });
    };
    void follow(parcel, search, stop.signal, publish);
    return () => stop.abort();
  }, [key, parcel, search]);
  return held.key === key ? held.files : NOTHING;
}

async function follow(
  parcel: string,
  search: string,
  signal: AbortSignal,
  publish: (files: Files) => void,
): Promise<void> {
  const files: FileView[] = [];
  let after: number | null = null;
  try {
    for (;;) {
      const page: FilePage = await read<FilePage>(filesPath(parcel, after, search), signal);
      files.push(...page.files);
      after = page.next ?? page.files.at(-1)?.index ?? after;
      const ended = (page.next === null && page.reading === null) || files.length >= MOST_LISTED;
      publish({
        files: files.slice(),
        total: page.total,
        reading: page.reading,
        cut: page.cut ?? null,
        complete: ended,
        refusal: null,
      });
      if (ended) return;
      if (page.next === null) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      if (signal.aborted) return;
    }
  } catch (error) {
    if (error instanceof Refused)
      publish({ files, total: files.length, reading: null, cut: null, complete: true, refusal: error.refusal });
  }
}
