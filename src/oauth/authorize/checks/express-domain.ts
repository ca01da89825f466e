import { type Context, oauthError } from '../../../kernel/index.ts';
import { findApplicationOf } from '../../../resources/express-configuration/index.ts';
import type { Asked } from '../request/request.ts';

/** Auth0: administrators who let Okta set up a connection log in at the domain that the application names for that (`admin_login_domain`). */
export async function checkExpressDomain(ctx: Context, { client }: Asked): Promise<void> {
  if (client.app_type !== 'express_configuration') return;
  const application = await findApplicationOf(ctx, client.client_id);
  const domain = application?.express_configuration?.admin_login_domain;
  if (domain === undefined)
    throw oauthError(400, 'unauthorized_client', 'No application names this client in its express_configuration.');
  if (domain.toLowerCase() !== new URL(ctx.issuer).host)
    throw oauthError(400, 'unauthorized_client', `Administrators log in to this client at ${domain}.`);
}
