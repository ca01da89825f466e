import type { Context } from '../../../kernel/index.ts';
import type { ConsentScope } from '../../../pages/index.ts';
import { findResourceServer } from '../../../resources/resource-servers/index.ts';
import { tenantSettings } from '../../../resources/tenant-settings/index.ts';
import type { ConsentRequest } from '../../../transactions/index.ts';

/** What an application asks for, as pages show it: the API's name, and its scopes with descriptions where the tenant wants them. */
export async function describeWish(
  ctx: Context,
  { audience, scope }: ConsentRequest,
): Promise<{ readonly scopes: ConsentScope[]; readonly audience?: string }> {
  const [api, settings] = await Promise.all([findResourceServer(ctx, audience), tenantSettings(ctx)]);
  const described = settings.flags.use_scope_descriptions_for_consent === true;
  const scopes = scope.map((value): ConsentScope => {
    const description = described ? api?.scopes?.find((one) => one.value === value)?.description : undefined;
    return description ? { value, description } : { value };
  });
  return { scopes, ...(api ? { audience: api.name ?? api.identifier } : {}) };
}
