import type { AuthorizationDetail } from '../../../kernel/index.ts';

/** One thing that is asked for besides scopes, as the person reads it. */
export interface DescribedDetail {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly value: string }[];
}

type Members = Readonly<Record<string, unknown>>;

/** Auth0's own schema, which says for itself what is shown and in which words. */
const SELF_DESCRIBED = 'urn:auth0:schemas:authorization-details:v1:';

/**
 * Puts authorization details into titles and rows. Nothing is left out of a detail of the API's own type: the person must see all that
 * they allow. Nested members are named by their path.
 */
export function describeDetails(details: readonly AuthorizationDetail[]): DescribedDetail[] {
  return details.map((detail) => (detail.type.startsWith(SELF_DESCRIBED) ? bySchema(detail) : byMembers(detail)));
}

function byMembers({ type, ...members }: AuthorizationDetail): DescribedDetail {
  return { title: type, rows: flatten(members, '') };
}

function flatten(value: unknown, path: string): { name: string; value: string }[] {
  if (!isObject(value)) return [{ name: path, value: asText(value) }];
  return Object.entries(value).flatMap(([name, member]) => flatten(member, path === '' ? name : `${path}.${name}`));
}

function asText(value: unknown): string {
  if (Array.isArray(value))
    return value.map((item) => (isObject(item) ? JSON.stringify(item) : asText(item))).join(', ');
  return String(value);
}

function bySchema({ type, instruction, properties, ...others }: AuthorizationDetail): DescribedDetail {
  const shown = Object.entries(isObject(properties) ? properties : {})
    .filter((entry): entry is [string, Members] => isObject(entry[1]) && entry[1].display === true)
    .toSorted(([, one], [, other]) => Number(one.display_order ?? 0) - Number(other.display_order ?? 0))
    .map(([key, { name, value }]) => ({ name: typeof name === 'string' ? name : key, value: asText(value) }));
  return { title: typeof instruction === 'string' ? instruction : type, rows: [...shown, ...flatten(others, '')] };
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
