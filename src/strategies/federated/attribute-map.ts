/** The member of `value` that `path` (`a.b.c`) leads to; undefined where there is none. */
export function memberAt(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

const PLACE = /\$\{context\.((?:tokenset|userinfo)\.[^}]+)\}/g;

/**
 * A user's members from a map of Auth0's form: `${context.tokenset.x}` stands for a claim of the ID token, `${context.userinfo.x}` for a
 * member of the profile. A template that is one place keeps the value's type; a member without a value is left out.
 */
export function applyAttributeMap(
  attributes: Readonly<Record<string, unknown>>,
  context: { readonly tokenset: unknown; readonly userinfo: unknown },
): Record<string, unknown> {
  const filled = Object.entries(attributes).map(([name, template]) => [name, fillTemplate(template, context)] as const);
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined && value !== ''));
}

function fillTemplate(template: unknown, context: object): unknown {
  if (typeof template !== 'string') return template;
  const places = [...template.matchAll(PLACE)];
  if (places.length === 1 && places[0]?.[0] === template) return memberAt(context, places[0][1] ?? '');
  return template.replace(PLACE, (_place, path: string) => {
    const value = memberAt(context, path);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  });
}
