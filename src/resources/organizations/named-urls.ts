import type { Context } from '../../kernel/index.ts';
import type { Client } from '../clients/index.ts';
import { findOrganizationByName } from './organization.store.ts';

const PLACEHOLDER = '{organization_name}';
const HOST = /^https?:\/\/[^/?#:]*/i;

/**
 * `urls` of `client` with `{organization_name}` in a host filled in as `presented` has it there, where the tenant has an organization of
 * that name and the client uses organizations (Auth0); left out otherwise. URLs without the placeholder stay as they are.
 *
 * @param among ids of the only organizations that count, where that is known
 */
export async function fillOrganizationName(
  ctx: Context,
  client: Pick<Client, 'organization_usage'>,
  urls: readonly string[],
  presented: string,
  among?: readonly string[],
): Promise<readonly string[]> {
  if (!urls.some((url) => url.includes(PLACEHOLDER))) return urls;
  if ((client.organization_usage ?? 'deny') === 'deny') return urls.filter((url) => !url.includes(PLACEHOLDER));
  const filled = await Promise.all(
    urls.map(async (url) => {
      if (!url.includes(PLACEHOLDER)) return url;
      const organization = await findOrganizationByName(ctx, nameIn(url, presented));
      const counts = organization && (among === undefined || among.includes(organization.id));
      return counts ? url.replace(PLACEHOLDER, organization.name) : undefined;
    }),
  );
  return filled.filter((url) => url !== undefined);
}

/** What `presented` has in its host where `url` has the placeholder; the empty text when the hosts differ elsewhere. */
function nameIn(url: string, presented: string): string {
  const [before = '', after = ''] = (HOST.exec(url)?.[0] ?? '').toLowerCase().split(PLACEHOLDER);
  const host = (HOST.exec(presented)?.[0] ?? '').toLowerCase();
  const fits = before !== '' && host.startsWith(before) && host.endsWith(after);
  return fits ? host.slice(before.length, host.length - after.length) : '';
}
