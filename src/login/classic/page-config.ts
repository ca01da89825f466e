import type { Context } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { brandColors, tenantSettings } from '../../resources/tenant-settings/index.ts';
import type { Transaction } from '../../transactions/index.ts';

/** What a page sends back with everything that it asks for: the login, and a token that shows that this server gave it the page. */
export interface PageHandle {
  readonly state: string;
  readonly csrf: string;
}

/** What the page is for. Without a login, for a preview, it can be looked at and no more. */
export interface PageLogin {
  readonly transaction: Transaction;
  readonly handle: PageHandle;
}

/** The object that Auth0's templates of the classic page read, in Auth0's shape, with what Lock and auth0.js must be told. */
export async function pageConfig(
  ctx: Context,
  client: StoredClient,
  login: PageLogin | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const settings = await tenantSettings(ctx);
  const request = login?.transaction.request;
  const options = login ? loginOptions(login) : { protocol: 'oauth2', response_type: 'code' };
  return {
    auth0Domain: new URL(ctx.issuer).host,
    auth0Tenant: ctx.tenant.name,
    clientID: client.client_id,
    callbackURL: request?.redirect_uri ?? client.callbacks?.[0] ?? '',
    callbackOnLocationHash: request?.response_mode === 'fragment',
    // Lock reads the application's connections from there: this server, not Auth0's own network.
    clientConfigurationBaseUrl: ctx.issuer,
    assetsUrl: '',
    authorizationServer: { url: ctx.issuer.slice(0, -1), issuer: ctx.issuer },
    icon: settings.picture_url || client.logo_uri || '',
    colors: brandColors(settings),
    dict: { signin: { title: client.name } },
    isThirdPartyClient: !client.is_first_party,
    ...(request?.connection === undefined ? {} : { connection: request.connection }),
    ...(request?.prompt.length ? { prompt: request.prompt.join(' ') } : {}),
    internalOptions: options,
    extraParams: options,
  };
}

/** What Lock and auth0.js send along: with the `state` of this login, not the application's. */
function loginOptions({ transaction, handle }: PageLogin): Readonly<Record<string, unknown>> {
  const { request, foreign } = transaction;
  const { response_type, response_mode, scope, audience, nonce, login_hint, screen_hint, prompt, ui_locales } = request;
  const options = {
    protocol: foreign?.protocol ?? 'oauth2',
    response_type: response_type || 'code',
    response_mode,
    scope: scope.join(' ') || undefined,
    audience,
    nonce,
    login_hint,
    screen_hint,
    prompt: prompt.join(' ') || undefined,
    ui_locales: ui_locales?.join(' '),
    redirect_uri: request.redirect_uri,
    client: request.client_id,
    state: handle.state,
    _csrf: handle.csrf,
    _intstate: 'deprecated',
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Puts `config` where the page says `@@config@@`: as base64, in which there is nothing that HTML or a script could take for its own. */
export function injectConfig(page: string, config: Readonly<Record<string, unknown>>): string {
  const encoded = Buffer.from(JSON.stringify(config), 'utf8').toString('base64');
  return page.replaceAll('@@config@@', () => encoded);
}
