/** The hidden key makes markup unforgeable: nothing that came out of JSON or a form can carry it. */
const markup: unique symbol = Symbol('markup');

/** A piece of finished markup. Made only by `html` and `raw`. */
export type Html = { readonly [markup]: string };

/** What may stand between the braces of an `html` template. Everything but Html is escaped; null, undefined and false vanish. */
export type Interpolation = Html | string | number | bigint | null | undefined | boolean | readonly Interpolation[];

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
  '\0': '\uFFFD',
};

/** Escapes a text for both element content and quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`\0]/g, (character) => replacements[character] ?? '');
}

/**
 * Tagged template for markup: `html\`<p title="${title}">${text}</p>\``. Attribute values must be quoted in the template.
 * Nested Html and arrays are kept as they are, everything else is escaped.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Interpolation[]): Html {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) text += printValue(value) + (strings[index + 1] ?? '');
  return raw(text);
}

/** Marks a text as finished markup. Only for what this program made itself: styles, scripts, SVG drawings. */
export function raw(trusted: string): Html {
  return Object.freeze({ [markup]: trusted });
}

/** Gives the markup as a string, to be sent. */
export function renderHtml(page: Html): string {
  return page[markup];
}

function printValue(value: Interpolation): string {
  if (value === null || value === undefined || value === false || value === true) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (isList(value)) return value.map(printValue).join('');
  return value[markup] ?? '';
}

function isList(value: Html | readonly Interpolation[]): value is readonly Interpolation[] {
  return Array.isArray(value);
}

/**
 * Gives a URL that is safe in `href` and `src`: a path on this host, or an absolute URL with one of the given schemes
 * (`https:` and `http:` unless told otherwise). Anything else, `javascript:` and `//elsewhere` included, gives undefined.
 */
export function safeUrl(url: string | undefined, schemes: readonly string[] = ['https:', 'http:']): string | undefined {
  if (!url || hasControlCharacter(url)) return undefined;
  if (/^[/?#](?![/\\])/.test(url)) return url;
  const parsed = URL.parse(url);
  return parsed && schemes.includes(parsed.protocol) ? url : undefined;
}

/** Browsers strip tabs and line ends inside URLs, which would turn a refused scheme into an accepted one. */
function hasControlCharacter(url: string): boolean {
  return [...url].some((character) => character <= '\u0020' || character === '\u007f');
}
