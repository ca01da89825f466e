/** The hidden key makes markup unforgeable: nothing that came out of JSON, a form or a document can carry it. */
const finished: unique symbol = Symbol('finished');

/** A piece of finished XML. Made only by `element` and `markup`. */
export type Markup = { readonly [finished]: string };

type Child = Markup | string | undefined | readonly Child[];

const REPLACEMENTS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

/** What XML 1.0 §2.2 has no way to write: most control characters, half a surrogate pair, and two more. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not get through
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** A text for element content and quoted attribute values alike. Line ends survive (XML 1.0 §2.11 would change them). */
function escapeXml(text: string): string {
  return text.replace(UNWRITABLE, '\ufffd').replace(/[&<>"\t\n\r]/g, (character) => REPLACEMENTS[character] ?? '');
}

/**
 * An element. `name` and the names of `attributes` are this program's own; attributes without a value are left out. Texts among the
 * children are escaped; what XML cannot hold becomes U+FFFD.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): Markup {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeXml(value)}"`],
  );
  const content = children.map(write).join('');
  return markup(`<${name}${written.join('')}>${content}</${name}>`);
}

/** Marks a text as finished XML: only for what this program made itself, such as a signed document. */
export function markup(trusted: string): Markup {
  return Object.freeze({ [finished]: trusted, toString: () => trusted });
}

function write(child: Child): string {
  if (child === undefined) return '';
  if (typeof child === 'string') return escapeXml(child);
  return isList(child) ? child.map(write).join('') : child[finished];
}

function isList(child: Markup | readonly Child[]): child is readonly Child[] {
  return Array.isArray(child);
}
