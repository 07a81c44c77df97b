/** Seven fields for seven words, and a word on what of a pasted text went into none of them. */
import { t } from '../locales/text.ts';
import { Notice } from '../ui/Notice.tsx';
import type { CodenameFields as Fields } from './use-codename-fields.ts';
import { WordField } from './WordField.tsx';

export function CodenameFields({ fields }: { readonly fields: Fields }) {
  const { entry, faults, leftOut } = fields;
  return (
    <>
      <fieldset className="fields">
        <legend className="visually-hidden">{t('codename.label')}</legend>
        {entry.map((typed, index) => (
          <WordField
            // oxlint-disable-next-line react/no-array-index-key -- seven fields that never move
            key={index}
            number={index + 1}
            typed={typed}
            fault={faults[index] ?? null}
            fieldRef={(field) => fields.setField(index, field)}
            onType={(text) => fields.type(index, text)}
            onLeave={() => fields.leave(index)}
          />
        ))}
      </fieldset>
      {leftOut === null ? null : (
        <Notice kind="warning" live>
          <p>{leftOut.kind === 'words' ? t('confirm.too-many', { count: leftOut.count }) : t('confirm.signs')}</p>
        </Notice>
      )}
    </>
  );
}
