/** Every address of all listeners, by every method, for everybody who may come: what is not in the table answers as if there were nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishReceipts } from '../../server/jobs/publish-receipts.ts';
import { dayOf } from '../../shared/statements/fields.ts';
import { OPS, ROLES, SOURCE, STAFF } from '../kit/access-table.ts';
import type { Role, Row } from '../kit/access-table.ts';
import { gatherCast, setScene } from '../kit/access-scene.ts';
import type { Cast, Scene } from '../kit/access-scene.ts';
import { exchange, head } from '../kit/raw-request.ts';
import { random } from '../kit/random-bytes.ts';
import { registeredRoutes } from '../kit/registered-routes.ts';
import { startTestServer } from '../kit/test-server.ts';
import type { TestServer } from '../kit/test-server.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'LOCK'];
const NOTHING: Scene['id'] = { sealed: '0'.repeat(32), unsealed: '0'.repeat(32), reply: '0'.repeat(32) };

let server: TestServer;
let cast: Cast;
beforeAll(async () => {
  server = await startTestServer();
  const { database, organisation } = server;
  const publishing = { database: database.database, key: organisation.receipt, random, tilesPerDay: 1 };
  await publishReceipts(publishing, dayOf(new Date()));
  cast = await gatherCast(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const urlOf = { source: () => server.sourceUrl, staff: () => server.staffUrl, ops: () => server.opsUrl } as const;
type Listener = keyof typeof urlOf;
const TABLES: readonly (readonly [Listener, readonly Row[]])[] = [
  ['source', SOURCE],
  ['staff', STAFF],
  ['ops', OPS],
];

function fill(path: string, id: string): string {
  return path
    .replace(/:(?:parcel|reply)/, id)
    .replace(/:(?:part|page|level)/, '0')
    .replace(':first/:second', 'x001/:second')
    .replaceAll(/:(?:first|second|third)/g, '000');
}

/** The status of one request. */
async function ask(listener: Listener, method: string, path: string, role: Role, sent = { headers: {}, body: '' }) {
  const length: Record<string, string> =
    sent.body !== '' || method === 'POST' ? { 'content-length': String(Buffer.byteLength(sent.body)) } : {};
  const headers = { connection: 'close', ...length, ...cast.shows[role], ...sent.headers };
  const answer = await exchange(urlOf[listener](), head(method, path, headers) + sent.body);
  return Number(answer.split(' ')[1]);
}

describe.each(TABLES)('the %s listener', (listener, table) => {
  test('has a row for each of its routes, and a route for each row', () => {
    const registered = registeredRoutes(server[listener])
      .filter(({ path }) => path !== '*')
      .map(({ method, path }) => `${method} ${path}`);
    const rows = table.flatMap(({ method, path }) =>
      method === 'GET' ? [`GET ${path}`, `HEAD ${path}`] : [`${method} ${path}`],
    );
    expect([...new Set(rows)].sort()).toEqual([...new Set(registered)].sort());
  });

  test.each(table.map((row) => [row.method, row.path, row.subject ?? '', row] as const))(
    '%s %s %s',
    async (method, path, _subject, { subject, content, answers }) => {
      // One after the other: what one does to the mailbox must not meet the scene of the next.
      const statuses: number[] = [];
      for (const role of ROLES) {
        const scene = await setScene(server, cast);
        const sent = await scene.content(content, subject, role);
        // Of an unsealed parcel, part 1 is the one that is half here.
        const filled = fill(content === 'rest' ? path.replace(':part', '1') : path, scene.id[subject ?? 'unsealed']);
        statuses.push(await ask(listener, method, filled, role, sent));
        if (method === 'GET') expect(await ask(listener, 'HEAD', filled, role, sent)).toBe(statuses.at(-1));
      }
      expect(statuses).toEqual(answers);
    },
  );

  test('answers to any other method, and at any address of another listener, that there is nothing', async () => {
    const scene = await setScene(server, cast);
    const own = new Set(registeredRoutes(server[listener]).map(({ method, path }) => `${method} ${path}`));
    const paths = new Set([...SOURCE, ...STAFF, ...OPS].map(({ path }) => path));
    const wrong: unknown[] = [];
    let asked = 0;
    for (const path of paths)
      for (const method of METHODS) {
        if (own.has(`${method} ${path}`)) continue;
        for (const role of ROLES)
          for (const id of [...Object.values(scene.id), ...Object.values(NOTHING).slice(0, 1)]) {
            const status = await ask(listener, method, fill(path, id), role);
            asked += 1;
            if (status !== 404) wrong.push([method, path, role, status]);
          }
      }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(2000);
  });
});
