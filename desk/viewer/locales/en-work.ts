/** The words around long work: checking and exporting. */

export const enWork = {
  'work.verify': 'Check all of it',
  'work.export-all': 'Export the whole bag',
  'work.export-some': { one: 'Export {count} file', other: 'Export {count} files' },
  'work.export-title': 'Export to a folder',
  'work.into': 'Into the folder',
  'work.folder-what': 'In it the files are in plaintext.',
  'work.no-exchange':
    'The desk was started without a folder to export to. Start it with --exchange and a folder of this machine.',
  'work.what-all': 'The whole bag, with its manifests and the custody report.',
  'work.what-some': { one: '{count} file, {size}', other: '{count} files, {size}' },
  'work.start': 'Export',
  'work.stop': 'Stop',
  'work.dismiss': 'Clear',
  'work.region': 'Work under way',
  'work.verify-name': 'Checking',
  'work.extract-name': 'Exporting',
  'work.waiting': 'Waiting for its turn',
  'work.done': 'Done',
  'work.failed': 'Failed',
  'work.stopped': 'Stopped',
  'work.folder-is': 'In the folder',
  'work.said': '{name}: {state}',
} as const;
