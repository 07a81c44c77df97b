/** One part against servers that do not mean well: no offset that was made up lets it spin, or stop too early. */
import { expect, test } from 'vitest';
import { createGate } from '../../../client/upload/gate.ts';
import { createLaneCount } from '../../../client/upload/lane-count.ts';
import { createExchanges } from '../../../client/upload/link.ts';
import type { Link } from '../../../client/upload/link.ts';
import { sendPart } from '../../../client/upload/send-part.ts';
import { createSlices } from '../../../client/upload/slices.ts';
import type { HttpAnswer, HttpRequest } from '../../../client/upload/transport.ts';
import { random } from '../../kit/random-bytes.ts';

/** Sends a part of 1,000 bytes to a server that answers so, for at most `most` requests; the waits and the offsets come back. */
async function sendTo(
  answerTo: (request: HttpRequest) => { readonly status: number; readonly offset?: string },
  most = 50,
): Promise<{ readonly ended: 'sent' | 'stopped'; readonly requests: number; readonly waits: number }> {
  let requests = 0;
  let waits = 0;
  const clock = {
    now: () => new Date(0),
    ticks: () => requests * 1_000,
    sleep: () => {
      waits++;
      return Promise.resolve();
    },
  };
  const gate = createGate(clock);
  const link: Link = {
    clock,
    random,
    gate,
    slices: createSlices(),
    lanes: createLaneCount(),
    onTrouble: () => undefined,
    onWork: () => undefined,
    transport: (request) => {
      if (++requests >= most) gate.end();
      const { status, offset } = answerTo(request);
      const answer: HttpAnswer = {
        status,
        text: '',
        header: (name) => (name === 'upload-offset' ? (offset ?? null) : null),
      };
      return Promise.resolve(answer);
    },
  };
  const said = { statement: 'a statement', writer: 0, record: null };
  const part = { path: '/part', ...said, body: new Uint8Array(1_000), onOffset: () => undefined };
  const ended = await sendPart(link, createExchanges(link)(), part).then(
    () => 'sent' as const,
    () => 'stopped' as const,
  );
  return { ended, requests, waits };
}

test('a server that takes everything and gets nowhere is not asked without a pause', async () => {
  for (const offset of ['0', '400']) {
    const { ended, requests, waits } = await sendTo(() => ({ status: 204, offset }));
    expect(ended).toBe('stopped');
    expect(waits).toBeGreaterThanOrEqual(requests / 2 - 2);
  }
});

test('offsets that cannot be are no progress', async () => {
  for (const offset of ['1001', '-1', '1e2', '', '99999999999999999999', undefined]) {
    const { ended, requests, waits } = await sendTo(() => ({ status: 204, ...(offset !== undefined && { offset }) }));
    expect([offset, ended]).toEqual([offset, 'stopped']);
    expect(waits).toBeGreaterThanOrEqual(requests - 1);
  }
});
