import { type Context, problem } from '../../../kernel/index.ts';
import { revealOptions, updateConnection } from '../../connections/index.ts';
import { requireVerifiedDomains } from '../domains/own-domains.ts';
import type { Visit } from '../visit.ts';
import { type IdentityProvider, listIdentityProviders, requireLevel, requireSole } from './find-identity-provider.ts';

const aliasesOf = ({ connection }: IdentityProvider) => (connection.options.domain_aliases ?? []) as readonly string[];

function setAliases(ctx: Context, { connection }: IdentityProvider, domain_aliases: readonly string[]) {
  const options = { ...revealOptions(ctx, connection.id, connection.options), domain_aliases };
  return updateConnection(ctx, connection, { options });
}

/** The login page sends people with addresses of `name`, a verified domain of the organization, to the provider. Problems 400, 403, 409. */
export async function addDomain(ctx: Context, visit: Visit, found: IdentityProvider, name: string): Promise<string> {
  requireLevel(found, 'full');
  const [domain = ''] = await requireVerifiedDomains(ctx, visit.organization, [name]);
  if (aliasesOf(found).includes(domain))
    throw problem('duplicate', 'Domain is already associated with this identity provider');
  await requireSole(ctx, found);
  await setAliases(ctx, found, [...aliasesOf(found), domain]);
  return domain;
}

/** The provider does not speak for the domain any more. Problem 403. */
export async function removeDomain(ctx: Context, found: IdentityProvider, name: string): Promise<void> {
  requireLevel(found, 'full');
  const domain = name.toLowerCase();
  if (!aliasesOf(found).includes(domain)) return;
  await requireSole(ctx, found);
  const rest = aliasesOf(found).filter((one) => one !== domain);
  await setAliases(ctx, found, rest);
}

/** No provider that the organization may change speaks for the domain any more. */
export async function dropDomain(ctx: Context, visit: Visit, domain: string): Promise<void> {
  for (const found of await listIdentityProviders(ctx, visit)) {
    if (found.level === 'full' && aliasesOf(found).includes(domain)) await removeDomain(ctx, found, domain);
  }
}
