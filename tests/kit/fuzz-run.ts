/** Sends malformed requests to a listener, many at a time, and looks at each answer: none of ours to be ashamed of, none that repeats what came in. */
import { connect } from 'node:net';
import { drawMalformed } from './malformed-requests.ts';
import type { Ground } from './malformed-requests.ts';
import { seeded } from './seeded.ts';

export interface FuzzReport {
  /** Answers by status; 0 where the connection was closed without one. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Requests that got a 500, an answer with their canary in it, no HTTP, or nothing for a long time: number in the sequence and what it was. */
  readonly faults: readonly string[];
}

/** Longer than any answer takes, shorter than the server's patience with what never comes. */
const LIMIT_MS = 30_000;
const PATIENCE_MS = 500;
const LANES = 64;

/** Sends `count` requests of the sequence that `seed` begins. */
export async function fuzz(url: string, ground: Ground, seed: number, count: number): Promise<FuzzReport> {
  const chance = seeded(seed);
  const statuses = new Map<number, number>();
  const faults: string[] = [];
  let drawn = 0;
  const lane = async (): Promise<void> => {
    while (drawn < count) {
      const number = drawn++;
      const { bytes, canary } = drawMalformed(chance, ground);
      const answer = await send(url, bytes);
      const status = statusOf(answer);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const fault = faultOf(status, answer ?? '', canary);
      if (fault !== null)
        faults.push(`${number} ${fault} ${JSON.stringify(bytes.subarray(0, 300).toString('latin1'))}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { statuses, faults };
}

/** Of the last answer: one of 100 comes before another. */
function statusOf(answer: string | null): number {
  if (answer === null) return -1;
  if (answer === '') return 0;
  return Number([...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].at(-1)?.[1] ?? -2);
}

function faultOf(status: number, answer: string, canary: string): string | null {
  if (status === -1) return 'no answer and no end';
  if (status === -2) return 'an answer that is not HTTP';
  if (status >= 500 && status !== 503) return `status ${status}`;
  return answer.includes(canary) ? 'the answer repeats what came in' : null;
}

/** All that comes back until the other side closes; null when it never does. */
function send(url: string, bytes: Buffer): Promise<string | null> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: hostname, port: Number(port) });
    socket.setTimeout(LIMIT_MS, () => {
      socket.destroy();
      resolve(null);
    });
    socket.setEncoding('latin1').on('data', (piece: string) => (answer += piece));
    // A reset after the server has said no is an end like any other.
    socket.on('error', () => undefined).once('close', () => resolve(answer));
    socket.write(bytes);
    // Where the server waits for more, the end of sending tells it that no more will come; where it works, it needs no such time.
    const over = setTimeout(() => socket.end(), PATIENCE_MS);
    socket.once('close', () => clearTimeout(over));
  });
}
