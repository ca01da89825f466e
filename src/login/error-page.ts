import { type Context, html, type Reply, redirect, type WireError, webUrl } from '../kernel/index.ts';
import { fillOperatorPage, operatorPagePolicy, renderError } from '../pages/index.ts';
import { findClient } from '../resources/clients/index.ts';
import { findOrganization, type LoginOrigin, loginRoute } from '../resources/organizations/index.ts';
import { type TenantSettings, tenantSettings } from '../resources/tenant-settings/index.ts';
import { LostTransaction } from '../transactions/index.ts';
import { baseView, showPage } from './page.ts';

/**
 * Shows a person why their request could not be answered, where there is no application to tell. Whose login is lost is led to where it
 * begins anew, if that is known; else the first of these that the tenant has: the address of its error page, its error page in HTML, its
 * default address, our page. An address gets `client_id`, `error`, `error_description` and `tracking` as parameters, a page in HTML as
 * Liquid variables. `tracking` is in the process's log with the error. `error.body` may carry the `client_id` that the request was about.
 */
export async function renderErrorPage(ctx: Context, error: WireError): Promise<Reply> {
  const beginning = error instanceof LostTransaction ? await leadToBeginning(ctx, error.origin) : undefined;
  if (beginning) return beginning;
  const settings = await tenantSettings(ctx);
  const facts = {
    client_id: typeof error.body.client_id === 'string' ? error.body.client_id : undefined,
    error: String(error.body.error ?? 'server_error'),
    error_description: String(error.body.error_description ?? error.message),
    tracking: ctx.random.bytes(10).toString('hex'),
  };
  ctx.log.info({ tenant: ctx.tenant.name, status: error.status, ...facts }, 'error page shown');
  const { error_page, default_redirection_uri } = settings;
  return (
    leadTo(ctx, error_page?.url, facts) ??
    operatorPage(error_page?.html, error, facts) ??
    leadTo(ctx, default_redirection_uri, facts) ??
    (await builtInPage(ctx, settings, error, facts))
  );
}

type Facts = { client_id: string | undefined; error: string; error_description: string; tracking: string };

/**
 * Auth0: whoever comes to a login that is over, by a bookmark or the back button, begins a new one where its application does (OpenID
 * Connect Core §4: `iss` says who sends them). Nothing is told of an error: for the application there is none.
 */
async function leadToBeginning(ctx: Context, origin: LoginOrigin): Promise<Reply | undefined> {
  const { id } = (origin.organization !== undefined && (await findOrganization(ctx, origin.organization))) || {};
  return leadTo(ctx, await loginRoute(ctx, origin), { iss: ctx.issuer, organization: id });
}

/** Not to this very host: what fails here would come back here, round and round. */
function leadTo(
  ctx: Context,
  address: string | undefined,
  parameters: Readonly<Record<string, string | undefined>>,
): Reply | undefined {
  const url = webUrl(address);
  if (!url) return undefined;
  if ([ctx.issuer, ctx.canonicalIssuer].some((issuer) => new URL(issuer).host === url.host)) return undefined;
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return redirect(url.href);
}

function operatorPage(page: string | undefined, error: WireError, facts: Facts): Reply | undefined {
  if (!page?.trim()) return undefined;
  return html(error.status, fillOperatorPage(page, facts), {
    'content-security-policy': operatorPagePolicy,
    ...error.headers,
  });
}

async function builtInPage(ctx: Context, settings: TenantSettings, error: WireError, facts: Facts): Promise<Reply> {
  const known = facts.client_id !== undefined && (await findClient(ctx, facts.client_id));
  const view = await baseView(ctx, known ? { clientId: facts.client_id } : {});
  const support = settings.support_url ?? (settings.support_email ? `mailto:${settings.support_email}` : undefined);
  const page = renderError({ ...view, ...facts, supportUrl: support });
  const reply = showPage(error.status, page, view.nonce);
  return { ...reply, headers: { ...reply.headers, ...error.headers } };
}
