/** `npm run bench -- fuzz --count 200000 --seed 1`: malformed requests to both listeners of a real server process with the real page. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readKeyFile } from '../courier/key-file.ts';
import { startDrop } from '../tests/kit/drop.ts';
import { layGround } from '../tests/kit/fuzz-ground.ts';
import { fuzz } from '../tests/kit/fuzz-run.ts';
import { sendParcel } from '../tests/kit/send-parcel.ts';

const CANARY = /zq[0-9a-f]{18}qz/;

/** Prints the seed and what was answered; the exit code tells whether there was a fault. */
export async function runFuzz(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { count: { type: 'string', default: '200000' }, seed: { type: 'string', default: '1' } },
  });
  const [count, seed] = [Number(values.count), Number(values.seed)];
  await using drop = await startDrop();
  const { pid } = drop.server;
  const grounds = await layGround(drop.source, drop.staff, await readKeyFile(drop.courierKey), seed);
  let faults = 0;
  for (const name of ['source', 'staff'] as const) {
    const report = await fuzz(drop[name], grounds[name], seed, Math.ceil(count / 2));
    const told = [...report.statuses].sort(([one], [other]) => one - other);
    console.log(
      `${name}, seed ${seed}: ${told.map(([status, times]) => `${times} of ${status || 'none'}`).join(', ')}`,
    );
    for (const fault of report.faults.slice(0, 20)) console.log(`FAULT  ${name} ${fault}`);
    faults += report.faults.length;
  }
  const lived = drop.server.pid === pid && drop.server.child.exitCode === null && drop.server.child.signalCode === null;
  const isLogged = CANARY.test(await readFile(drop.log, 'utf8'));
  // What an honest source does goes on as ever.
  const { receipt } = await sendParcel({
    source: drop.source,
    rootKey: drop.rootKey,
    folder: drop.keys,
    message: 'as ever',
  });
  console.log(
    `${count} requests, ${faults} faults; the server ${lived ? 'lived' : 'DIED'}; its log ${isLogged ? 'REPEATS input' : 'repeats nothing'}; an honest parcel is ${receipt === null ? 'NOT ' : ''}taken`,
  );
  process.exitCode = faults === 0 && lived && !isLogged && receipt !== null ? 0 : 1;
}
