/** The one way from a name of a message to its words: typed names, typed parameters, plurals and figures by Intl. No library. */
import { en } from './en.ts';

type Plural = Partial<Readonly<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/** What any language's catalogue must hold: every name, with a plural where English has one. */
export type Catalogue = { readonly [Name in MessageName]: (typeof en)[Name] extends string ? string : Plural };
export type MessageName = keyof typeof en;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
type ParameterNames<Message> = Message extends string
  ? Placeholders<Message>
  : Message extends { readonly other: infer Other extends string }
    ? Placeholders<Other> | 'count'
    : never;
type Arguments<Name extends MessageName> = [ParameterNames<(typeof en)[Name]>] extends [never]
  ? []
  : [Readonly<Record<ParameterNames<(typeof en)[Name]>, string | number>>];

export type Translate = <Name extends MessageName>(name: Name, ...values: Arguments<Name>) => string;

/** `t('choose.summary', { count: 3, size: '2 MB' })` in a language: numbers are written its way, `count` picks the plural. */
export function createTranslate(language: string, catalogue: Catalogue): Translate {
  const figures = new Intl.NumberFormat(language);
  const rules = new Intl.PluralRules(language);
  return (name, ...args) => {
    const values: Readonly<Record<string, string | number>> = args[0] ?? {};
    const message: string | Plural = catalogue[name];
    const count = values['count'];
    const rule = typeof count === 'number' ? rules.select(count) : 'other';
    const text = typeof message === 'string' ? message : (message[rule] ?? message.other);
    return text.replace(/\{([a-z]+)\}/g, (whole, key: string) => {
      const value = values[key];
      return value === undefined ? whole : typeof value === 'number' ? figures.format(value) : value;
    });
  };
}

/** The language of this page. */
export const LANGUAGE = 'en';
export const t: Translate = createTranslate(LANGUAGE, en);
