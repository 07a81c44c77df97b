/** What a person should know of the files just added: nothing there, chosen twice, or not under the name they had. */
import type { Addition, Renaming } from '../choose/chosen.ts';
import { t } from '../locales/text.ts';
import { Notice } from '../ui/Notice.tsx';

/** Names shown of each kind; the rest are counted. */
const SHOWN = 5;

export function AdditionNotes({
  addition,
}: {
  readonly addition: Addition & { readonly unreadable: readonly string[] };
}) {
  const { added, again, cleaned, renamed, unreadable } = addition;
  return (
    <>
      {added === 0 && again === 0 && unreadable.length === 0 ? (
        <Notice kind="warning" live title={t('choose.empty-folder')} />
      ) : null}
      {again === 0 ? null : (
        <Notice kind="note" live>
          <p>{t('choose.same-again', { count: again })}</p>
        </Notice>
      )}
      {unreadable.length === 0 ? null : (
        <Notice kind="warning" live>
          <p>{t('choose.left-out', { count: unreadable.length })}</p>
          <Names names={unreadable.map((name) => ({ to: name }))} />
        </Notice>
      )}
      {cleaned.length === 0 ? null : (
        <Notice kind="note" live>
          <p>{t('choose.cleaned', { count: cleaned.length })}</p>
          <Names names={cleaned} />
        </Notice>
      )}
      {renamed.length === 0 ? null : (
        <Notice kind="note" live>
          <p>{t('choose.renamed', { count: renamed.length })}</p>
          <Names names={renamed} />
        </Notice>
      )}
    </>
  );
}

function Names({ names }: { readonly names: readonly (Renaming | { readonly to: string })[] }) {
  const more = names.length - SHOWN;
  return (
    <ul className="name-list">
      {names.slice(0, SHOWN).map((name) => (
        <li key={name.to}>
          {'from' in name ? (
            <>
              <bdi>{name.from}</bdi> {t('choose.becomes')}{' '}
            </>
          ) : null}
          <bdi>{name.to}</bdi>
        </li>
      ))}
      {more > 0 ? <li>{t('choose.and-more', { count: more })}</li> : null}
    </ul>
  );
}
