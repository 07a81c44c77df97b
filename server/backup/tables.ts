/** Which tables a backup holds, in the order in which they are put back: what is named by others comes first. */

export interface BackupTable {
  readonly name: string;
  /** The columns of its primary key: its rows stand in their order. */
  readonly key: readonly string[];
}

export const BACKUP_TABLES: readonly BackupTable[] = [
  { name: 'parcel', key: ['id'] },
  { name: 'part', key: ['parcel', 'seq'] },
  { name: 'ledger', key: ['parcel', 'page'] },
  { name: 'forgotten', key: ['mailbox'] },
  { name: 'deleted_reply', key: ['id'] },
  { name: 'log', key: ['single'] },
  { name: 'log_tile', key: ['number'] },
  { name: 'log_receipt', key: ['parcel'] },
];

/** Files of the data folder that go along, where they are there. The first is a secret. */
export const BACKUP_FILES = ['receipt.key', 'card.note', 'root.pub', 'couriers.txt'] as const;
