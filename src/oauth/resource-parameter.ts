import type { Context } from '../kernel/index.ts';
import { tenantSettings } from '../resources/tenant-settings/index.ts';

/** What tokens are asked for: `audience`, or `resource` (RFC 8707) where the tenant has it mean the same. */
export async function chosenAudience(
  ctx: Context,
  { audience, resource }: { readonly audience?: string | undefined; readonly resource?: string | undefined },
): Promise<string | undefined> {
  if (audience !== undefined || resource === undefined) return audience;
  const { resource_parameter_profile } = await tenantSettings(ctx);
  return resource_parameter_profile === 'compatibility' ? resource : undefined;
}
