/** `desk version`: what this program is, so that two people can compare theirs. No day of its making: it is the same whenever it is made. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { isSea } from 'node:sea';
import { pipeline } from 'node:stream/promises';
import { Failure, systemCode } from '../failure.ts';
import { printable } from '../terminal/printable.ts';
import { VERSION } from '../version.ts';
import type { Command } from './command.ts';

export const version: Command = {
  operands: 0,
  flags: [],
  values: [],
  required: [],
  async run() {
    const path = isSea() ? process.execPath : null;
    const sha256 = path === null ? null : await sha256Of(path);
    const { arch, platform, versions } = process;
    const file = path === null ? 'run from its sources' : `${printable(path)}\nSHA-256 ${sha256}`;
    return {
      exit: 0,
      text: `postern-desk ${VERSION}, Node ${versions.node}, ${platform}-${arch}\n${file}\n`,
      json: { version: VERSION, node: versions.node, platform: `${platform}-${arch}`, file: path, sha256 },
    };
  },
};

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw new Failure('program-unreadable', { path, reason: systemCode(error) ?? 'unknown' });
  }
  return hash.digest('hex');
}
