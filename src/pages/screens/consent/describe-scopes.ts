import { fill, textsFor } from '../../texts/index.ts';

/** One scope that an application asks for. */
export type ConsentScope = {
  value: string;
  /** The API's own words for it; given, it is shown as it is. */
  description?: string | undefined;
};

/**
 * Gives one line for each thing that is asked for. Scopes with a description show it, OpenID's own are put in words,
 * and what is left is grouped where it is spelled `verb:resource`, one line a resource (Auth0 does the same).
 */
export function describeScopes(lang: string, scopes: readonly ConsentScope[]): string[] {
  const texts = textsFor(lang).consent;
  const known: Readonly<Record<string, string>> = texts.scopes;
  const lines = new Set<string>();
  const groups = new Map<string, string[]>();
  for (const { value, description } of scopes) {
    const group = /^([^:]+):(.+)$/.exec(value);
    if (description) lines.add(description);
    else if (Object.hasOwn(known, value)) lines.add(known[value] ?? value);
    else if (group?.[1] && group[2]) groups.set(group[2], [...(groups.get(group[2]) ?? []), group[1]]);
    else lines.add(value);
  }
  const grouped = [...groups].map(([resource, verbs]) => fill(texts.group, { resource, verbs: verbs.join(', ') }));
  return [...lines, ...grouped];
}
