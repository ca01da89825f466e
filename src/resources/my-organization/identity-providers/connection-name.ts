import { alphanumeric, type Context } from '../../../kernel/index.ts';
import { findConnectionByName } from '../../connections/index.ts';
import type { Organization } from '../../organizations/index.ts';

/** Auth0: names of connections are letters, digits and single hyphens between them, 128 at most. */
const LONGEST = 128;
const TAIL = 7;

/** `text` with a hyphen for whatever may not stand in a name. */
const hyphenated = (text: string) => text.replace(/[^A-Za-z0-9]+/g, '-');

/** What names of connections begin with by a connection profile, the organization filled in. */
export function connectionNamePrefix(template: string | undefined, { id, name }: Organization): string {
  const filled = (template ?? '').replaceAll('{org_id}', id).replaceAll('{org_name}', name);
  return hyphenated(filled).replace(/^-/, '');
}

/**
 * The name of a new connection: the prefix, then what the organization calls it. Where the tenant has one of that name a random tail makes
 * it another: to refuse it would tell what other organizations have.
 */
export async function newConnectionName(ctx: Context, prefix: string, wanted: string): Promise<string> {
  const name = hyphenated(prefix + wanted)
    .replace(/^-/, '')
    .slice(0, LONGEST - TAIL)
    .replace(/-$/, '');
  const isFree = name !== '' && !(await findConnectionByName(ctx, name));
  return isFree ? name : `${name || 'idp'}-${alphanumeric(ctx.random, TAIL - 1)}`;
}
