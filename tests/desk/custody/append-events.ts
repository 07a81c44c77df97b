/** Another process that adds events to a case log: KEYS CASES PARCEL COUNT. */
import { openCaseLog } from '../../../desk/custody/case-log.ts';
import { readKeyFolder } from '../../../desk/keys/key-folder.ts';
import { random } from '../../kit/random-bytes.ts';

const [folder, cases, parcel, count] = process.argv.slice(2) as [string, string, string, string];
const keys = await readKeyFolder(folder);
const log = await openCaseLog({ cases, parcel, keys, now: () => new Date(), random, device: 'other', actor: 'editor' });
for (let i = 0; i < Number(count); i++) await log.append({ action: 'viewed' });
