/** What a system says of a failing medium is told from damage to a parcel, also where Node has no name for it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkStillThere, isMediumFault } from '../../desk/case/medium.ts';
import { systemCode } from '../../desk/failure.ts';
import { scratch } from './desk.ts';

const errorWith = (code: unknown) => Object.assign(new Error('x'), { code });

test('errors without a name are errors of the system too, and no mistake of this program', () => {
  expect(systemCode(errorWith('Unknown system error -117'))).toBe('E117');
  expect(isMediumFault(systemCode(errorWith('Unknown system error -117')))).toBe(true);
  expect(isMediumFault(systemCode(errorWith('EIO')))).toBe(true);
  for (const code of ['ENOENT', 'EACCES', 'ELOOP', 'ENOTDIR', 'Unknown system error -99'])
    expect(isMediumFault(systemCode(errorWith(code))), code).toBe(false);
  for (const other of [errorWith('ERR_INVALID_ARG_TYPE'), errorWith(5), new Error('EIO'), null])
    expect(systemCode(other)).toBe(null);
});

test('a bundle that is not there any more is told from one in which something is missing', async () => {
  const { folder, remove } = await scratch();
  try {
    await expect(checkStillThere(join(folder, 'bundle'))).rejects.toMatchObject({ code: 'medium-gone' });
    await mkdir(join(folder, 'bundle/inbox'), { recursive: true });
    await checkStillThere(join(folder, 'bundle'));
  } finally {
    await remove();
  }
});
