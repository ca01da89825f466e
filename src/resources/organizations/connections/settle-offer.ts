import { type Context, managementError, type Principal } from '../../../kernel/index.ts';
import { requireSetUpBy, setupRulesOf } from '../../connections/index.ts';
import { type OrganizationConnectionChange, requireConnection } from './organization-connections.ts';

/**
 * What an organization says of a connection by the caller's word. Who sets up connections in the tenant's stead offers its own alone, and as
 * the tenant decided. WireErrors: 404, 403 for others' connections, 400 for what contradicts the tenant.
 */
export async function settleOffer<S extends OrganizationConnectionChange>(
  ctx: Context,
  principal: Principal | undefined,
  connectionId: string,
  sent: S,
): Promise<S> {
  const rules = await setupRulesOf(ctx, principal);
  if (!rules) return sent;
  requireSetUpBy(await requireConnection(ctx, connectionId), principal);
  for (const [name, decided] of Object.entries(rules.offer)) {
    const value = sent[name as keyof S];
    if (value === undefined || value === null || value === decided) continue;
    throw managementError(
      400,
      `${name} is always ${decided} for connections that this client sets up.`,
      'invalid_body',
    );
  }
  if (sent.organization_access_level && sent.organization_access_level !== 'none') {
    const text = 'organization_access_level is not for this client to set.';
    throw managementError(400, text, 'operation_not_supported');
  }
  return { ...sent, ...rules.offer };
}
