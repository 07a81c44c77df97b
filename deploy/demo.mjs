/** The demo organisation: keys for desk and courier, and a card, made once in a data folder that has no card yet. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './tool.mjs';

const NAME = 'Demo organisation';

/** @param {string} data the data folder */
export const demoPaths = (data) => ({
  deskKeys: join(data, 'demo/desk-keys'),
  courierKey: join(data, 'demo/courier.key'),
});

/**
 * Makes the demo organisation unless there is a card, whoever's it is. The card is put in place last, so that a start which
 * was cut short begins again and no half of an organisation is ever served.
 * @param {string} data the data folder
 * @returns {boolean} true where it was made now
 */
export function makeDemo(data) {
  if (existsSync(join(data, 'card.note'))) return false;
  const { deskKeys, courierKey } = demoPaths(data);
  mkdirSync(join(data, 'demo'), { recursive: true, mode: 0o700 });

  if (!existsSync(deskKeys)) {
    const fresh = `${deskKeys}.new`;
    rmSync(fresh, { recursive: true, force: true });
    runProgram('desk/main.ts', ['init', fresh, '--demo', '--organisation', NAME]);
    renameSync(fresh, deskKeys);
  }
  enrol(join(data, 'couriers.txt'), runProgram('courier/main.ts', ['enrol', courierKey]));
  writeFileSync(join(data, 'root.pub'), `${runProgram('desk/main.ts', ['root', deskKeys])}\n`);

  const receiptKey = runProgram('server/main.ts', ['receipt-key'], { POSTERN_DATA: data });
  const card = join(data, 'demo/card.note');
  rmSync(card, { force: true });
  runProgram('desk/main.ts', ['card', deskKeys, '--receipt-key', receiptKey, '--out', card]);
  renameSync(card, join(data, 'card.note'));
  return true;
}

/** Adds a courier's line to the list unless it stands there. @param {string} list @param {string} line */
function enrol(list, line) {
  if (existsSync(list) && readFileSync(list, 'utf8').split('\n').includes(line)) return;
  appendFileSync(list, `${line}\n`);
}
