import { type Context, oauthError } from '../../kernel/index.ts';
import { matchRegisteredUrl, type StoredClient } from '../../resources/clients/index.ts';
import { fillOrganizationName } from '../../resources/organizations/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';

/** A wish for where logout should lead, and the name of the parameter that said it. */
export interface LogoutTarget {
  readonly parameter: 'returnTo' | 'post_logout_redirect_uri';
  readonly url: string | undefined;
  /** Who asks; undefined: nobody in particular, the tenant's own list counts. */
  readonly client: StoredClient | undefined;
  /** Ids of the organizations in whose context the user logs out: those of the session that ends, or of the ID token that is shown. */
  readonly organizations: readonly string[];
}

/**
 * Where logout leads: the URL asked for, if it is among the allowed ones; without one the first that is allowed; undefined where
 * there is none.
 *
 * @throws WireError (page, 400) when the URL is not allowed
 */
export async function resolveLogoutUrl(ctx: Context, target: LogoutTarget): Promise<string | undefined> {
  const { parameter, url, client, organizations } = target;
  const allowed =
    client?.allowed_logout_urls ?? (client ? [] : ((await tenantSettings(ctx)).allowed_logout_urls ?? []));
  if (url === undefined) return allowed.find((one) => !/[*{]/.test(one));
  const registered = await fillOrganizationName(ctx, client ?? {}, allowed, url, organizations);
  // Auth0: the query of `returnTo` is the application's; OpenID Connect wants the whole URL to be registered.
  const ignoreQuery = parameter === 'returnTo';
  if (matchRegisteredUrl(registered, url, { ignoreQuery, anyLoopbackPort: client?.app_type === 'native' })) return url;
  const text = `The "${parameter}" querystring parameter "${url}" is not defined as a valid URL in "Allowed Logout URLs".`;
  throw oauthError(400, 'invalid_request', text, client ? { extra: { client_id: client.client_id } } : {});
}
