/** Bytes into a server at full speed, three requests at a time, each of one part: what is measured is the server, so the sender does little. */
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { partRoute } from '../shared/protocol/routes.ts';
import { BODY_TYPE, createSender, MIB, openAt, sealAt } from '../tests/kit/sender.ts';

const PART = 16 * MIB;
const LANES = 3;

/** Sends `bytes` as one parcel to Postern, and seals it. */
export async function loadOurs(source: string, bytes: number): Promise<void> {
  const parts = Math.ceil(bytes / PART);
  const sender = await createSender({ parts, partSize: PART });
  await openAt(source, sender);
  const body = randomBytes(PART);
  await inLanes(parts, async (part, agent) => {
    const headers = { ...(await sender.creation(part, body)), ...BODY_TYPE };
    await post(source + partRoute(sender.parcel, part), headers, body, agent);
  });
  const answer = await sealAt(
    source,
    sender,
    Array.from({ length: parts }, () => body),
  );
  if (!answer.ok) throw new Error(`seal: ${answer.status} ${await answer.text()}`);
}

/** Sends as much to a plain tus server, an upload for each part. */
export async function loadPlain(address: string, bytes: number): Promise<void> {
  const body = randomBytes(PART);
  const headers = { 'tus-resumable': '1.0.0', 'upload-length': String(PART), ...BODY_TYPE };
  await inLanes(Math.ceil(bytes / PART), (_part, agent) => post(address, headers, body, agent));
}

async function inLanes(count: number, send: (part: number, agent: Agent) => Promise<void>): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await send(next++, agent);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  agent.destroy();
}

function post(url: string, headers: Readonly<Record<string, string>>, body: Buffer, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(body.length) };
    const sent = request(url, { method: 'POST', headers: { ...headers, ...length }, agent }, (answer) => {
      answer.resume();
      answer.once('end', () =>
        answer.statusCode === 201 ? resolve() : reject(new Error(`status ${answer.statusCode}`)),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
