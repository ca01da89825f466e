import { type Context, managementError, prefixedId } from '../../kernel/index.ts';
import {
  type ClientGrant,
  clientGrantsOf,
  isStrictThirdParty,
  organizationGrantsOf,
  requireClient,
} from '../clients/index.ts';
import { findResourceServer } from '../resource-servers/index.ts';

/** What a caller sends to make a grant, and what may be changed of one (`null` takes a member away). */
export type ClientGrantBody = Partial<Omit<ClientGrant, 'id'>> & { readonly audience: string };
export type ClientGrantChange = { readonly [K in keyof ClientGrant]?: ClientGrant[K] | null };

const EXPRESS_CONFIGURE = 'urn:auth0:express-configure';

const refuse = (text: string, code = 'invalid_body') => managementError(400, text, code);

/**
 * Lets a client ask for scopes of an API, on its own or for its users; with `default_for` every third-party client. WireError 404
 * when client or API do not exist, 409 when there is such a grant already, 400 when members contradict each other.
 */
export async function createClientGrant(ctx: Context, body: ClientGrantBody): Promise<ClientGrant> {
  const grant = { subject_type: 'client' as const, ...body };
  requireGrantee(body);
  await requireSuitableClient(ctx, body);
  if (!(await findResourceServer(ctx, body.audience))) {
    throw managementError(404, 'The resource server does not exist', 'inexistent_resource_server');
  }
  requireOrganizationRules(grant);
  await requireNew(ctx, grant);
  return clientGrantsOf(ctx).insert(settleScopes({ id: prefixedId(ctx.random, 'cgr_'), ...grant } as ClientGrant));
}

function requireGrantee(body: ClientGrantBody): void {
  if (body.client_id !== undefined && body.default_for !== undefined) {
    throw refuse("Payload validation error: 'client_id and default_for are mutually exclusive'.");
  }
  if (body.client_id === undefined && body.default_for === undefined) {
    throw refuse("Payload validation error: 'Missing required property: client_id'.");
  }
}

async function requireSuitableClient(ctx: Context, { client_id, audience }: ClientGrantBody): Promise<void> {
  // Without one the grant is every third-party client's, those that register themselves included.
  const client = client_id === undefined ? undefined : await requireClient(ctx, client_id);
  if (client?.app_type === 'express_configuration' && audience !== EXPRESS_CONFIGURE) {
    throw refuse('Client of type express_configuration cannot be used', 'validation_error');
  }
  // Auth0: they would never be given a token for it.
  const isOfSystem = (await findResourceServer(ctx, audience))?.is_system === true;
  if (isOfSystem && (!client || isStrictThirdParty(client)))
    throw refuse('Third-party applications cannot be granted access to system APIs.', 'operation_not_supported');
}

/** Organizations belong to grants of clients on their own, and "any organization" to grants that allow them at all. */
function requireOrganizationRules(grant: ClientGrantChange): void {
  if (grant.subject_type === 'user' && (grant.organization_usage || grant.allow_any_organization)) {
    throw refuse("Payload validation error: 'organization_usage and allow_any_organization need subject_type client'.");
  }
  const usage = grant.organization_usage ?? 'deny';
  if (grant.allow_any_organization && usage === 'deny') {
    throw refuse("Payload validation error: 'allow_any_organization needs organization_usage allow or require'.");
  }
}

async function requireNew(ctx: Context, grant: Omit<ClientGrant, 'id'>): Promise<void> {
  const { audience, subject_type, client_id = null, default_for } = grant;
  const alike = await clientGrantsOf(ctx).list({ where: { client_id, audience, subject_type } });
  if (alike.some((one) => one.default_for === default_for)) {
    throw managementError(409, 'A resource with the same client_id and audience already exists.');
  }
}

/** All scopes: the list goes. A list sent, or none at all: a list. */
function settleScopes(grant: ClientGrant): ClientGrant {
  if (!grant.allow_all_scopes) return { ...grant, scope: grant.scope ?? [] };
  const { scope: _scope, ...rest } = grant;
  return rest;
}

/**
 * Changes a grant by `body`: members sent replace what was there, `null` removes. WireError 400 when members contradict each other, or
 * the grant is the system's.
 */
export async function updateClientGrant(
  ctx: Context,
  grant: ClientGrant,
  body: ClientGrantChange,
): Promise<ClientGrant> {
  requireOwn(grant);
  const merged = Object.entries({ ...grant, ...body }).filter(([, value]) => value !== null);
  const updated = settleScopes(Object.fromEntries(merged) as unknown as ClientGrant);
  requireOrganizationRules(updated);
  return (await clientGrantsOf(ctx).update(grant.id, () => updated)) ?? updated;
}

/** Takes a grant back. WireError 400 when it is the system's. */
export async function deleteClientGrant(ctx: Context, grant: ClientGrant): Promise<void> {
  requireOwn(grant);
  await organizationGrantsOf(ctx).deleteWhere({ grant_id: grant.id });
  await clientGrantsOf(ctx).delete(grant.id);
}

function requireOwn(grant: ClientGrant): void {
  if (grant.is_system) throw refuse('System client grants cannot be modified.', 'operation_not_supported');
}
