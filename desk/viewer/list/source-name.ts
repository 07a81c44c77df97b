/** What a source is called on the page: the first signs of its mailbox key, since nothing else is known of it. */
import { t } from '../locales/text.ts';

/** The id of the conversation that holds what nobody has proved to have sent. */
export const UNPROVED = 'unproved';

export function shortName(id: string): string {
  return id.slice(0, 8);
}

export function sourceName(id: string): string {
  return id === UNPROVED ? t('list.unproved') : t('list.source', { name: shortName(id) });
}
