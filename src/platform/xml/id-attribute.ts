/** The option of xml-crypto that tells it which attribute names elements. Those that it knows must not be told again: it would count them twice. */
export function idAttributeOf(name: string): { readonly idAttribute?: string } {
  return ['Id', 'ID', 'id'].includes(name) ? {} : { idAttribute: name };
}
