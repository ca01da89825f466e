import type { Context } from '../../../kernel/index.ts';
import { type Connection, connectionsOf } from '../../connections/index.ts';

/** Which connections, of those that the organization set up for itself, and which domains; without a member all of them. */
interface Silenced {
  readonly connection_id?: string;
  readonly domain?: string;
}

/**
 * Whoever set up a provider for itself vouched for its domains; when a domain, the provider or the organization goes, addresses lead there
 * no more. What the tenant's administrator set up stays as it is.
 */
export async function silenceOwnConnections(
  ctx: Context,
  organizationId: string,
  { connection_id, domain }: Silenced = {},
): Promise<void> {
  for (const { id, belongs_to, options } of await connectionsOf(ctx).list()) {
    const isMeant = belongs_to === organizationId && (connection_id === undefined || connection_id === id);
    if (!isMeant || !Array.isArray(options.domain_aliases) || options.domain_aliases.length === 0) continue;
    await connectionsOf(ctx).update(id, (current) => ({ ...current, options: without(current.options, domain) }));
  }
}

function without(options: Connection['options'], domain: string | undefined): Connection['options'] {
  const aliases = (options.domain_aliases ?? []) as readonly string[];
  return { ...options, domain_aliases: domain === undefined ? [] : aliases.filter((one) => one !== domain) };
}
