/** How files of a bundle are opened: no link is followed, and a pipe put in place of a file cannot make us wait for ever. */
import { constants } from 'node:fs';

export const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
