import { html, type Reply, type SetCookie } from '../../kernel/index.ts';

/** What the answer's form says, by the names of its placeholders. */
export type FormValues = Readonly<Record<'callback' | 'wresult' | 'wctx', string>>;

/**
 * The tenant's own page for the answer (Auth0: placeholders are `@@callback@@`, `@@wresult@@` and `@@wctx@@`; others stay as they are).
 * Whatever is put in is spelt in character references but for letters and digits: it is text in every place that HTML has, quoted or not,
 * and in the strings of a script it cannot end them.
 */
export function fillFormTemplate(template: string, values: FormValues): string {
  return template.replace(/@@(callback|wresult|wctx)@@/g, (_whole, name: keyof FormValues) => spell(values[name]));
}

function spell(text: string): string {
  return text.replace(/[^A-Za-z0-9]/gu, (character) => `&#x${character.codePointAt(0)?.toString(16)};`);
}

/** The filled page. Its scripts are the tenant's: they may run, as they would on a page of theirs; nobody may show it in a frame. */
export function templatePage(template: string, values: FormValues, cookies: readonly SetCookie[]): Reply {
  const policy = ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"].join('; ');
  return { ...html(200, fillFormTemplate(template, values), { 'content-security-policy': policy }), cookies };
}
