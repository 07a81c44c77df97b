/** Looks over what the process that serves is allowed to read: its sandbox follows links, and takes a star in a name for anything. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseMediumFault } from '../case/medium.ts';
import { Failure, systemCode } from '../failure.ts';

/** The inbox of a bundle, with no way out of it. `folder` is free of links. Failure `viewer-bundle`. */
export async function readableInbox(folder: string): Promise<string> {
  const inbox = join(folder, 'inbox');
  if (inbox.includes('*')) throw new Failure('viewer-bundle', { path: inbox, reason: 'a star stands in it' });
  await refuseLinks(inbox);
  return inbox;
}

/** Also where nothing of ours looks: what has taken that process over would. */
async function refuseLinks(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    refuseMediumFault(folder, error);
    if (systemCode(error) === null) throw error;
    return [];
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) throw new Failure('viewer-bundle', { path, reason: 'it is a link' });
    if (entry.isDirectory()) await refuseLinks(path);
  }
}
