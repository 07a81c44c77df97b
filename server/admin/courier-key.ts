/** What the operator typed to enrol a courier, read strictly: a key that can sign, and a label. */
import { fromBase64Url } from '../../shared/bytes/base64.ts';
import { isEd25519Point } from '../../shared/crypto/ed25519.ts';
import { courierLine } from '../store/courier-list.ts';
import { usage } from './options.ts';

/** Key and label of `KEY LABEL`, as `courier enrol` prints them. Halt `usage` that says what is wrong. */
export function courierOf(line: string): { readonly key: string; readonly label: string } {
  const read = courierLine(line);
  if (read === null) throw usage('A courier’s key is 43 letters, digits, - and _, as “courier enrol” prints it.');
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(read.label))
    throw usage('A label stands after the key: up to 64 letters, digits, spaces, dots, dashes.');
  if (!isKey(read.key)) throw usage('No courier can have made this key: was it copied whole?');
  return read;
}

function isKey(text: string): boolean {
  try {
    return isEd25519Point(fromBase64Url(text, 32));
  } catch {
    return false;
  }
}
