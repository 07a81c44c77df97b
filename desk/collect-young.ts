/**
 * A small collection of memory now and then. Node's ciphers give each chunk out in memory of its own; left alone, V8 counts that memory up to a
 * limit and then marks its whole heap, fifty times a gigabyte (2.6 s of processor time instead of 1.4). A small one finds nothing alive and
 * takes no time.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

export const collectYoung = runInNewContext('() => gc({ type: "minor" })') as () => void;
