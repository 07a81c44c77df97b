/** The demo organisation: keys for desk and courier, and a card, made once in a data folder that has no card yet. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './tool.mjs';

const NAME = 'Demo organisation';
/** A demo card that ends within so many days is followed by the next one. */
const RENEW_DAYS = 30;
const DAY = 86_400_000;

/** @param {string} data the data folder */
export const demoPaths = (data) => ({
  deskKeys: join(data, 'demo/desk-keys'),
  courierKey: join(data, 'demo/courier.key'),
});

/**
 * Makes the demo organisation unless there is a card, whoever's it is, and gives an old demo organisation its next card in time.
 * The card is put in place last, so that a start which was cut short begins again and no half of an organisation is served.
 * @param {string} data the data folder
 * @returns {'made' | 'renewed' | 'kept'}
 */
export function provideDemo(data) {
  const { deskKeys, courierKey } = demoPaths(data);
  const card = join(data, 'card.note');
  if (existsSync(card)) {
    if (!existsSync(deskKeys) || !endsSoon(readFileSync(card, 'utf8'))) return 'kept';
    signCard(data, deskKeys);
    return 'renewed';
  }

  mkdirSync(join(data, 'demo'), { recursive: true, mode: 0o700 });
  if (!existsSync(deskKeys)) {
    const fresh = `${deskKeys}.new`;
    rmSync(fresh, { recursive: true, force: true });
    runProgram('desk/main.ts', ['init', fresh, '--demo', '--organisation', NAME]);
    renameSync(fresh, deskKeys);
  }
  enrol(join(data, 'couriers.txt'), runProgram('courier/main.ts', ['enrol', courierKey]));
  writeFileSync(join(data, 'root.pub'), `${runProgram('desk/main.ts', ['root', deskKeys])}\n`);
  signCard(data, deskKeys);
  return 'made';
}

/** Signs the next card and puts it in place. @param {string} data @param {string} deskKeys */
function signCard(data, deskKeys) {
  const receiptKey = runProgram('server/main.ts', ['receipt-key'], { POSTERN_DATA: data });
  const fresh = join(data, 'demo/card.note');
  rmSync(fresh, { force: true });
  runProgram('desk/main.ts', ['card', deskKeys, '--receipt-key', receiptKey, '--out', fresh]);
  renameSync(fresh, join(data, 'card.note'));
}

/** Adds a courier's line to the list unless it stands there. @param {string} list @param {string} line */
function enrol(list, line) {
  if (existsSync(list) && readFileSync(list, 'utf8').split('\n').includes(line)) return;
  appendFileSync(list, `${line}\n`);
}

/** True where the last day that a demo card names is near or past. @param {string} note */
function endsSoon(note) {
  const ends = [...note.matchAll(/^recipient \S+ (\d{4}-\d\d-\d\d) /gm)].map(([, day]) => Date.parse(day ?? ''));
  return /^demo yes$/m.test(note) && Math.max(...ends) < Date.now() + RENEW_DAYS * DAY;
}
