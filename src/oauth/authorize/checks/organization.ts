import { oauthError } from '../../../kernel/index.ts';
import type { Asked } from '../request.ts';

/** `organization` is given as far as the client's `organization_usage` wants it. No organization exists yet that it could name. */
export function checkOrganization(_ctx: unknown, { parameters: { organization }, client }: Asked): void {
  const usage = client.organization_usage ?? 'deny';
  if (organization === undefined) {
    const isAskedLater =
      client.organization_require_behavior === 'pre_login_prompt' ||
      client.organization_require_behavior === 'post_login_prompt';
    if (usage === 'require' && !isAskedLater)
      throw oauthError(400, 'invalid_request', 'parameter organization is required for this client');
    return;
  }
  if (usage === 'deny')
    throw oauthError(400, 'invalid_request', 'parameter organization is not allowed for this client');
  if (!/^org_[A-Za-z0-9]{16}$/.test(organization))
    throw oauthError(400, 'invalid_request', 'authorization request parameter organization must be an organization id');
  throw oauthError(400, 'invalid_request', 'parameter organization is invalid');
}
