/** Files that the desk needs besides code: beside the sources, or within the single executable. */
import { readFile } from 'node:fs/promises';
import { getAsset, isSea } from 'node:sea';

/** Under these names deploy/desk.mjs puts them into the executable. */
const ASSETS = {
  'report-font': '../node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  'report-check': './custody/verify_report.py',
  'clip-check': './proof/verify_clip.py',
} as const;

export async function asset(name: keyof typeof ASSETS): Promise<Uint8Array> {
  if (isSea()) return new Uint8Array(getAsset(name));
  return readFile(new URL(ASSETS[name], import.meta.url));
}
