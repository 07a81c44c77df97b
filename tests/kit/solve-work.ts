/** Solves proofs of work as docs/protocol.md says, without any code of the page; and sends what has to be paid for so. */
import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);
/** Tries that are under way at once: Node does each on a thread of its own. */
const LANES = 4;

/** The value of the header `postern-work` for a challenge. Throws when there is no answer to it. */
export async function solveWork(challenge: string): Promise<string> {
  const bytes = Buffer.from(challenge, 'base64url');
  const [head, target] = [bytes.subarray(0, 21), bytes.subarray(21, 37)];
  const tries = 128 * 2 ** bytes.readUInt8(0);
  let next = 0;
  let answer: Buffer | undefined;
  const lane = async (): Promise<void> => {
    while (answer === undefined && next < tries) {
      const salt = Buffer.concat([Buffer.from('postern/work/v1'), Buffer.alloc(4)]);
      salt.writeUInt32BE(next++, salt.length - 4);
      const key = await derive(head, salt, 1024, 32, 'sha256');
      if (key.subarray(0, 16).equals(target)) answer = key.subarray(16);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (answer === undefined) throw new Error('no answer to a challenge');
  return `${challenge}.${answer.toString('base64url')}`;
}

/** The challenge in an answer that asks for work, or null. */
export async function workIn(answer: Response): Promise<string | null> {
  if (answer.status !== 429) return null;
  const { work } = (await answer.clone().json()) as { work?: string };
  return work ?? null;
}

/** POST of a JSON body, with as much work as is asked for. */
export async function postWorking(url: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (;;) {
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    const challenge = await workIn(answer);
    if (challenge === null) return answer;
    headers['postern-work'] = await solveWork(challenge);
  }
}
