import type { Context } from '../../kernel/index.ts';
import { isUnverifiableCallback, type StoredClient } from '../../resources/clients/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import type { AuthorizationRequest } from '../../transactions/index.ts';

/**
 * Must a user who has seen no page be asked before the answer goes to this callback? Any program on their device could be behind it.
 * The client's own setting counts before the tenant's.
 */
export async function asksConfirmation(
  ctx: Context,
  { client, transaction }: { client: StoredClient; transaction: { request: AuthorizationRequest } },
): Promise<boolean> {
  const { redirect_uri } = transaction.request;
  if (client.oidc_conformant === false || !isUnverifiableCallback(redirect_uri)) return false;
  const own = client.skip_non_verifiable_callback_uri_confirmation_prompt;
  if (typeof own === 'boolean') return !own;
  return (await tenantSettings(ctx)).skip_non_verifiable_callback_uri_confirmation_prompt !== true;
}
