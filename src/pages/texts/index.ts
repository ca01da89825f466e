/**
 * Texts: every word that the pages show, by language and screen.
 * Owns which languages exist and how a language is picked. Screens hold no words of their own.
 */

import type { Texts } from './en.ts';
import { en } from './en.ts';

export type { Texts } from './en.ts';

const languages: Readonly<Record<string, Texts>> = { en };

/** The languages that there are texts for. */
export const availableLanguages: readonly string[] = Object.keys(languages);

/** Gives the language that a page asked for in `lang` (a BCP 47 tag) will be in: that one, its base language, or English. */
export function pickLanguage(lang: string): string {
  const candidates = [lang, lang.split('-')[0] ?? ''];
  return candidates.find((candidate) => Object.hasOwn(languages, candidate)) ?? 'en';
}

/** Gives the texts for a language tag, by the same rule as pickLanguage. */
export function textsFor(lang: string): Texts {
  return languages[pickLanguage(lang)] ?? en;
}

/** Puts values into the `{name}` places of a text. A place without a value is left empty. Nothing is escaped here. */
export function fill(text: string, values: Readonly<Record<string, string | number | undefined>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** Names of the error messages, such as `wrong-email-credentials`. */
export type ErrorName = keyof Texts['errors'];

/** Gives an error message in a language, ready to be put in a view's `errors`. */
export function errorText(
  lang: string,
  name: ErrorName,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return fill(textsFor(lang).errors[name], values);
}
