import type { Context } from '../../../kernel/index.ts';
import { tenantSettings } from '../../../resources/tenant-settings/index.ts';
import { ACR_MULTI_FACTOR, splitScope } from '../../vocabulary.ts';
import type { Asked } from './request.ts';

/**
 * The authentication context that the ID token will name: the first of `acr_values` that the tenant lists in `acr_values_supported`, whose
 * operator thereby says that every login here is one. Never that of a second factor, which a login must have passed.
 */
export async function namedContext(ctx: Context, { parameters }: Asked): Promise<string | undefined> {
  const { acr_values_supported: supported } = await tenantSettings(ctx);
  const wanted = splitScope(parameters.acr_values ?? '').filter((value) => value !== ACR_MULTI_FACTOR);
  return wanted.find((value) => supported?.includes(value));
}
