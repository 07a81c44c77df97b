/** Names for files that the local file system cannot take as they are: unlike any other, readable, and the same at each run. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';

/** Names that Windows keeps for devices, or alters by itself. */
const REFUSED_BY_WINDOWS =
  // oxlint-disable-next-line no-control-regex -- Windows refuses control characters in names
  /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)|[<>:"/\\|?*\u0000-\u001f]|[. ]$/i;

/** Codes by which a file system says that a name is not possible, or that another spelling of it is there already. */
const NAME_FAULTS = new Set(['ENAMETOOLONG', 'EINVAL', 'EILSEQ', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EISDIR']);

/** True when a system of this platform would refuse or silently alter a name. */
export function isReserved(name: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' && REFUSED_BY_WINDOWS.test(name);
}

/** True when an error of making a file or folder is about its name. */
export function isNameFault(code: string | null): boolean {
  return code !== null && NAME_FAULTS.has(code);
}

/** `renamed-` and 16 digits of the SHA-256 of the whole path, with a plain extension kept: `renamed-0123456789abcdef.mp4`. */
export function safeName(path: string): string {
  const extension = posix.extname(path);
  const digits = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return `renamed-${digits}${/^\.[A-Za-z0-9]{1,8}$/.test(extension) ? extension.toLowerCase() : ''}`;
}
